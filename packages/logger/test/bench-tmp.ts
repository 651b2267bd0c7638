import { lambda } from '@fnware/core'
import { logger } from '@fnware/logger'
import { fakeContext } from '@fnware/testing'

process.stdout.write = (() => true) as never
const only = process.argv[2]
const say = (t: string) => process.stderr.write(t + '\n')
const cells: Record<string, any> = {
  nothing: lambda().handle(async () => 1),
  quiet: lambda()
    .use(logger({ completion: false }))
    .handle(async () => 1),
  completion: lambda()
    .use(logger())
    .handle(async () => 1),
  'info x1': lambda()
    .use(logger({ completion: false }))
    .handle(async ({ logger }) => {
      logger.info('order placed', { sku: 'abc', quantity: 2 })
    }),
  'info x10': lambda()
    .use(logger({ completion: false }))
    .handle(async ({ logger }) => {
      for (let i = 0; i < 10; i++) logger.info('order placed', { sku: 'abc', quantity: i })
    }),
  'debug x10': lambda()
    .use(logger({ completion: false }))
    .handle(async ({ logger }) => {
      for (let i = 0; i < 10; i++) logger.debug('order placed', { sku: 'abc', quantity: i })
    }),
}
const more = process.env.MORE ? (await import(process.env.MORE)).cells(lambda, logger) : {}
Object.assign(cells, more)
const best: Record<string, number> = {}
const N = 2000
for (let round = 0; round < 25; round++)
  for (const [name, handler] of Object.entries(cells)) {
    if (only && !name.includes(only)) continue
    const contexts = Array.from({ length: N }, () => fakeContext({ awsRequestId: 'x' }))
    const before = process.cpuUsage()
    const t0 = process.cpuUsage()
    for (const c of contexts) await handler({}, c).catch(() => {})
    const u = process.cpuUsage(t0); const wall = ((u.user + u.system) * 1000) / N
    if (!(best[name] < wall)) best[name] = wall
    await new Promise((r) => setImmediate(r))
  }
for (const [k, v] of Object.entries(best)) say(k.padEnd(24) + Math.round(v))

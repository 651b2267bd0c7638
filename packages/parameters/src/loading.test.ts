import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { service } from '../test/service.ts'

const it = service()

/** What a module prints that runs in a process of its own, as an execution environment would load it. */
const printed = async (code: string): Promise<unknown[]> => {
  const source = `
    import { createRequire } from 'node:module'
    import { lambda } from '@fnware/core'
    import { env, parameter, parameters } from '@fnware/parameters'
    import { sdk } from '@fnware/parameters/sdk'
    const { cache } = createRequire(import.meta.url)
    const loaded = () => [
      process.moduleLoadList.some((name) => name.includes('undici')) && 'undici',
      Object.keys(cache).some((name) => name.includes('client-ssm')) && 'the SDK',
      process.moduleLoadList.includes('NativeModule http') && 'node:http',
    ].filter(Boolean)
    const print = (...line) => console.log(JSON.stringify(line))
    const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 3000 }
    ${code}`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@fnware/source', '--input-type=module', '--eval', source],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, ...it.aws.environment, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', NODE_OPTIONS: '' },
    },
  )
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('over HTTPS they are there when INIT is over, and neither fetch() nor the SDK is loaded', async () => {
  const name = it.put('a')
  const lines = await printed(`
    const handler = lambda().use(parameters({ a: parameter('${name}') })).handle(({ parameters }) => parameters.a)
    await handler.ready()
    print('ready')
    print(await handler({}, context), loaded())
  `)
  expect(lines).toEqual([['ready'], ['a', ['node:http']]])
  expect(it.called()).toEqual(['GetParameters 1'])
})

test('the SDK is loaded by the first fetch, which may be long after INIT', async () => {
  const name = it.put('a')
  const lines = await printed(`
    const handler = lambda()
      .use(parameters({ a: parameter('${name}', { lazy: true }) }, { transport: sdk() }))
      .handle(async ({ event, parameters }) => [event.rare ? await parameters.a() : 'none', loaded().includes('the SDK')])
    await handler.ready()
    print(await handler({}, context))
    print(await handler({ rare: true }, context))
  `)
  expect(lines).toEqual([[['none', false]], [['a', true]]])
})

test('environment variables load nothing and call nothing', async () => {
  const lines = await printed(`
    const validate = (it) => ({ value: { region: it.AWS_REGION } })
    const schema = { '~standard': { version: 1, vendor: 'mine', validate } }
    const handler = lambda().use(env(schema)).handle(({ env }) => env.region)
    print(await handler({}, context), loaded())
  `)
  expect(lines).toEqual([['eu-west-1', []]])
  expect(it.called()).toEqual([])
})

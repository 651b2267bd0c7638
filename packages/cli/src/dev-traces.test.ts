import { expect, test } from 'vitest'
import { config, text } from './dev-project.ts'
import { fnware, project } from './testing.ts'

/** A function that tells X-Ray's daemon of itself, if it is sampled. */
const traced = `import { createSocket } from 'node:dgram'
const span = (name: string, id: string, more: object) =>
  ({ name, id, start_time: Date.now() / 1000, end_time: Date.now() / 1000 + 0.02, ...more })
export const handler = async (_: object, { xRayTraceId = '' }: { xRayTraceId?: string }) => {
  const { Root, Parent, Sampled } = Object.fromEntries(xRayTraceId.split(';').map((each) => each.split('=')))
  if (Sampled === '1') {
    const save = span('save', 'bbbbbbbbbbbbbbbb', { fault: true, cause: { exceptions: [{ type: 'Error', message: 'disk full' }] } })
    const document = span('## handler', 'aaaaaaaaaaaaaaaa', { trace_id: Root, parent_id: Parent, type: 'subsegment', subsegments: [save] })
    const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS!.split(':')
    const socket = createSocket('udp4')
    await new Promise((sent) => socket.send('{"format":"json","version":1}\\n' + JSON.stringify(document), Number(port), host, sent))
    socket.close()
  }
  return xRayTraceId
}
`

test('what a function traces is shown below the account of its invocation', async () => {
  const { folder } = project({ 'fnware.config.ts': config(), 'src/hello.ts': traced })
  const dev = fnware(folder, ['dev', '--port', '0'])
  expect(await text(await dev.url())).toMatch(/;Sampled=1$/)
  await dev.says(/\n└ [\d.]+ ms, .* MB\n {2}## handler 20 ms\n {4}save 20 ms Error: disk full\n/)
})

test('of several functions, with their names', async () => {
  const { folder } = project({
    'fnware.config.ts': config(
      "functions: { hello: { entry: 'src/hello.ts', http: '/' }, other: { entry: 'src/hello.ts' } }",
    ),
    'src/hello.ts': traced,
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  await text(await dev.url())
  await dev.says(/\nhello └ .*\nhello {3}## handler 20 ms\n {10}save 20 ms Error: disk full\n/)
})

test('not where the configuration passes traces through', async () => {
  const { folder } = project({
    'fnware.config.ts': config("functions: { hello: { entry: 'src/hello.ts', tracing: 'PassThrough' } }"),
    'src/hello.ts': traced,
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  expect(await text(await dev.url())).toMatch(/;Sampled=0$/)
})

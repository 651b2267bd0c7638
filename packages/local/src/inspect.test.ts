import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { running, taskRoot, until } from './testing.ts'

function freePort(): Promise<number> {
  return new Promise((free) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => free(port))
    })
  })
}

/** What the inspector says, on a connection of its own: the one before may be of a process that is gone. */
function inspector(port: number, path: string): Promise<string> {
  return new Promise((done, failed) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => done(text)).on('error', failed)
    }).on('error', failed)
  })
}

/** Attaches as a debugger does. */
async function attach(port: number) {
  const list = JSON.parse(await inspector(port, '/json/list')) as { webSocketDebuggerUrl: string }[]
  const socket = new WebSocket(list[0]!.webSocketDebuggerUrl)
  onTestFinished(() => socket.close())
  let id = 0
  const open = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown }
    open.get(id)?.(result)
  })
  const closed = new Promise<never>((_, failed) => socket.addEventListener('close', () => failed(new Error('closed'))))
  closed.catch(() => {})
  await Promise.race([closed, new Promise((opened) => socket.addEventListener('open', opened))])
  const evaluate = (expression: string) => {
    const evaluated = new Promise<{ result: { value: unknown } }>((done) => {
      open.set(++id, done as (result: unknown) => void)
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression } }))
    })
    return Promise.race([closed, evaluated])
  }
  return { socket, evaluate }
}

const pidOf = async (port: number) => (await (await attach(port)).evaluate('process.pid')).result.value
/** Nothing while nobody answers, or one that is about to end. */
const versionAt = (port: number) =>
  attach(port)
    .then(async ({ evaluate }) => (await evaluate('globalThis.version')).result.value)
    .catch(() => undefined)
const answers = (port: number) =>
  inspector(port, '/json/version').then(
    () => true,
    () => false,
  )
const pid = 'export const handler = async () => process.pid'
const payload = (result: { payload: string }) => JSON.parse(result.payload) as unknown

test('the inspector is open before the first invocation, which runs where it is', async () => {
  const port = await freePort()
  const { lambda, logs } = await running({ f: { source: pid, inspect: port } })
  await lambda.listen()
  await until(() => answers(port))
  const inspected = await pidOf(port)
  expect(payload(await lambda.invoke('f'))).toBe(inspected)
  expect(payload(await lambda.invoke('f'))).toBe(inspected)
  expect(logs()).toEqual([])
})

test('one environment has it; others run without, and it is preferred', async () => {
  const port = await freePort()
  const source = 'export const handler = async () => { await new Promise(r => setTimeout(r, 200)); return process.pid }'
  const { lambda } = await running({ f: { source, inspect: port } })
  await lambda.listen()
  const pids = (await Promise.all([lambda.invoke('f'), lambda.invoke('f'), lambda.invoke('f')])).map(payload)
  expect(new Set(pids).size).toBe(3)
  const inspected = await pidOf(port)
  expect(pids).toContain(inspected)
  await until(() => lambda.functions[0]!.environments.every(({ state }) => state === 'idle'))
  expect(payload(await lambda.invoke('f'))).toBe(inspected)
})

test('no timeout ends an invocation while a debugger is attached', async () => {
  const port = await freePort()
  const source =
    'export const handler = async (e, context) => { await new Promise(r => setTimeout(r, 1500)); return context.getRemainingTimeInMillis() }'
  const { lambda } = await running({ f: { source, inspect: port, timeout: 1 } })
  await lambda.listen()
  await until(() => answers(port))
  expect(payload(await lambda.invoke('f'))).toMatchObject({ errorType: 'Sandbox.Timedout' })
  // The environment that follows has the inspector again, at once.
  await until(() => answers(port))
  await attach(port)
  await until(() => lambda.functions[0]!.environments.some(({ state, debugged }) => state === 'idle' && debugged))
  expect(payload(await lambda.invoke('f'))).toBeGreaterThan(60_000)
})

test('after a reload it is open on the new code; after one that failed, on the old', async () => {
  const port = await freePort()
  const { lambda } = await running({ f: { source: pid, inspect: port } })
  await lambda.listen()
  await lambda.invoke('f')
  const code = await taskRoot({ 'index.mjs': 'globalThis.version = 2; export const handler = async () => process.pid' })
  await lambda.update('f', { code })
  const { evaluate, socket } = await attach(port)
  expect((await evaluate('globalThis.version')).result.value).toBe(2)
  expect(payload(await lambda.invoke('f'))).toBe((await evaluate('process.pid')).result.value)
  socket.close()
  await expect(lambda.update('f', { code: await taskRoot({ 'index.mjs': 'throw new Error()' }) })).rejects.toThrow()
  await until(() => versionAt(port).then((value) => value === 2))
})

test('a reload during an invocation in the inspected environment: it ends there, then the inspector moves', async () => {
  const port = await freePort()
  const source = "export const handler = async () => { await new Promise(r => setTimeout(r, 500)); return 'old' }"
  const { lambda } = await running({ f: { source, inspect: port } })
  await lambda.listen()
  await lambda.warm('f')
  const open = lambda.invoke('f')
  await lambda.update('f', {
    code: await taskRoot({ 'index.mjs': 'globalThis.version = 2; export const handler = async () => process.pid' }),
  })
  expect(payload(await lambda.invoke('f'))).toBeTypeOf('number')
  expect(payload(await open)).toBe('old')
  await until(() => versionAt(port).then((value) => value === 2))
  await until(() => lambda.functions[0]!.environments.every(({ state }) => state === 'idle'))
  expect(payload(await lambda.invoke('f'))).toBe(await pidOf(port))
})

test('one from before listen() gives the port to another, which knows of the Invoke API', async () => {
  const inspect = await freePort()
  const source = 'export const handler = async () => [process.pid, process.env.AWS_ENDPOINT_URL_LAMBDA ?? null]'
  const { lambda } = await running({ f: { source, inspect } })
  await lambda.warm('f')
  const before = await pidOf(inspect)
  const url = await lambda.listen()
  await until(async () => ![before, undefined].includes(await pidOf(inspect).catch(() => undefined)))
  const { payload } = await lambda.invoke('f')
  expect(JSON.parse(payload)).toEqual([await pidOf(inspect), url])
})

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localLambda } from './local.ts'
import { processesWith, running, taskRoot, until } from './testing.ts'

const failure = (result: { payload: string }) => JSON.parse(result.payload) as Record<string, unknown>
const healthy = '\nexport const ok = () => process.pid'

/** Invokes, expects a failure, and expects the next invocation of healthy code to work. */
async function fails(source: string, options: { timeout?: number } = {}) {
  const run = await running({ broken: { source: source + healthy, ...options } })
  const result = await run.lambda.invoke('broken')
  expect(result).toMatchObject({ statusCode: 200, functionError: 'Unhandled', executedVersion: '$LATEST' })
  return { ...run, error: failure(result), requestId: result.requestId }
}

test('a timeout: Sandbox.Timedout, in Lambda’s words, and the environment is gone', async () => {
  const { error, requestId, lambda, events, logs } = await fails(
    'export const handler = () => new Promise(r => setInterval(() => {}, 100))',
    { timeout: 1 },
  )
  expect(error).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
  })
  await until(() => lambda.functions[0]!.environments.length === 0)
  expect(logs().at(-1)).toMatch(new RegExp(`Z ${requestId} Task timed out after 1.00 seconds$`))
  expect(events.find((event) => event.type === 'report')).toMatchObject({ status: 'timeout', memory: 128 })
  await lambda.update('broken', { handler: 'index.ok' })
  expect((await lambda.invoke('broken')).functionError).toBeUndefined()
})

test('a timeout ends even code that never yields, and what it started', async () => {
  const mark = `mark-${process.pid}-${Date.now()}`
  const { lambda } = await running({
    f: {
      source: `import { spawn } from 'node:child_process'
        export const handler = () => { spawn('sleep', ['60']); for (;;) {} }`,
      timeout: 1,
      environment: { MARK: mark },
    },
  })
  const invoked = lambda.invoke('f')
  await until(() => processesWith(mark).length === 2)
  expect(failure(await invoked).errorType).toBe('Sandbox.Timedout')
  await until(() => processesWith(mark).length === 0)
})

test.each([
  ['process.exit(0)', 'Runtime exited without providing a reason'],
  ['process.exit(1)', 'Runtime exited with error: exit status 1'],
  ['process.exit(42)', 'Runtime exited with error: exit status 42'],
  ["process.kill(process.pid, 'SIGKILL')", 'Runtime exited with error: signal: killed'],
  [
    "process.kill(process.pid, 'SIGTERM'); await new Promise(r => setTimeout(r, 5000))",
    'Runtime exited with error: signal: terminated',
  ],
  ['return new Promise(() => {})', 'Runtime exited without providing a reason'],
])('%s: Runtime.ExitError, "%s"', async (body, words) => {
  const { error, requestId, events } = await fails(`export const handler = async () => { ${body} }`)
  expect(error).toEqual({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${words}` })
  await until(() => events.some((event) => event.type === 'report'))
  expect(events.find((event) => event.type === 'report')).toMatchObject({
    status: 'error',
    errorType: 'Runtime.ExitError',
  })
  expect(events.filter((event) => event.type === 'exit')).toEqual([])
})

test('what a handler throws: type, message, trace; own names survive', async () => {
  const { error, logs } = await fails(`
    class OrderGone extends Error { name = 'OrderGone'; code = 'E_GONE' }
    export const handler = async () => { throw new OrderGone('order 7', { cause: new Error('no row') }) }`)
  expect(error).toMatchObject({ errorType: 'OrderGone', errorMessage: 'order 7' })
  expect((error.trace as string[])[1]).toMatch(/at handler \(file:.*index\.mjs:3/)
  const line = logs().find((each) => each.includes('Invoke Error'))!
  expect(JSON.parse(line.split('\t').at(-1)!)).toMatchObject({ errorType: 'OrderGone', code: 'E_GONE' })
})

test.each([
  ["'text'", { errorType: 'string', errorMessage: 'text' }],
  ['undefined', { errorType: 'undefined', errorMessage: 'undefined' }],
  ['{ a: 1 }', { errorType: 'object', errorMessage: '[object Object]' }],
  ['Object.create(null)', { errorType: 'handled' }],
  ["Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('no') } })", { errorType: 'handled' }],
])('a thrown %s survives, and the environment with it', async (thrown, expected) => {
  const { error, lambda } = await fails(`export const handler = async () => { throw ${thrown} }`)
  expect(error).toMatchObject(expected)
  await lambda.invoke('broken')
  expect(lambda.functions[0]!.environments).toHaveLength(1)
})

test.each([
  ['a circle', 'const a = {}; a.a = a; return a'],
  ['a bigint', 'return 1n'],
  ['a toJSON that throws', "return { toJSON() { throw new Error('no') } }"],
])('a result that JSON cannot write, %s: Runtime.JSONStringifyError', async (_, body) => {
  const { error } = await fails(`export const handler = async () => { ${body} }`)
  expect(error).toMatchObject({
    errorType: 'Runtime.JSONStringifyError',
    errorMessage: 'Unable to stringify response body',
  })
})

test.each(['() => 1', "Symbol('s')"])('a result that JSON has no words for, %s: a TypeError', async (result) => {
  const { error } = await fails(`export const handler = async () => ${result}`)
  expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'Wrong arguments' })
})

test('undefined is answered as null; a synchronous result counts', async () => {
  const { lambda } = await running({
    nothing: 'export const handler = () => {}',
    now: 'export const handler = () => ({ a: 1 })',
  })
  expect((await lambda.invoke('nothing')).payload).toBe('null')
  expect((await lambda.invoke('now')).payload).toBe('{"a":1}')
})

test('an answer over 6 MB: Function.ResponseSizeTooLarge, and the environment lives on', async () => {
  const { error, lambda } = await fails(`export const handler = async () => 'x'.repeat(6 * 1024 * 1024 + 99)`)
  expect(error).toEqual({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  })
  await lambda.invoke('broken')
  expect(lambda.functions[0]!.environments).toHaveLength(1)
})

test('an answer of just 6 MB goes through', async () => {
  const { lambda } = await running({ large: `export const handler = async () => 'x'.repeat(6 * 1024 * 1024)` })
  const result = await lambda.invoke('large')
  expect(result.functionError).toBeUndefined()
  expect(result.payload).toHaveLength(6 * 1024 * 1024 + 2)
})

test.each([
  ['an unhandled rejection', "Promise.reject(new TypeError('nobody looked'))", 'TypeError: nobody looked'],
  ['an uncaught exception', "setTimeout(() => { throw new RangeError('late') })", 'RangeError: late'],
])('%s ends the environment, as Node does; the log says why', async (_, body, words) => {
  const { error, lambda, logs } = await fails(`export const handler = async () => {
    ${body}
    await new Promise(r => setTimeout(r, 1000))
  }`)
  expect(error).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/Runtime exited with error: exit status 1$/),
  })
  expect(logs()).toContain(words)
  expect(logs().join('\n')).toMatch(/index\.mjs:2/)
  expect(lambda.functions[0]!.environments).toEqual([])
})

test('a function that listens for what nobody caught goes on', async () => {
  const { lambda } = await running({
    f: `process.on('uncaughtException', () => {}).on('unhandledRejection', () => {})
      export const handler = async () => {
        Promise.reject(new Error('1')); setTimeout(() => { throw new Error('2') })
        await new Promise(r => setTimeout(r, 50))
        return 'goes on'
      }`,
  })
  expect((await lambda.invoke('f')).payload).toBe('"goes on"')
})

test('an environment that ends while idle is noticed, and the next invocation gets another', async () => {
  const { lambda, events } = await running({
    f: 'export const handler = async () => { setTimeout(() => process.exit(3), 50); return process.pid }',
  })
  const first = await lambda.invoke('f')
  await until(() => events.some((event) => event.type === 'exit'))
  expect(events.find((event) => event.type === 'exit')).toMatchObject({ reason: 'exit status 3' })
  const second = await lambda.invoke('f')
  expect(second.functionError).toBeUndefined()
  expect(second.payload).not.toBe(first.payload)
})

test.each([
  ['Runtime.UserCodeSyntaxError', 'export const handler = {', /^SyntaxError: /],
  ['Runtime.HandlerNotFound', 'export const other = 1', /^index\.handler is undefined or not exported$/],
  ['Runtime.HandlerNotFound', 'export const handler = 1', /^index\.handler is not a function$/],
  [
    'Runtime.CallbackHandlerDeprecated',
    'export const handler = (event, context, callback) => {}',
    /callback-based function handlers/,
  ],
  [
    'Runtime.ExitError',
    'process.exit(7)',
    /^RequestId: [-0-9a-f]{36} Error: Runtime exited with error: exit status 7$/,
  ],
  [
    'Runtime.ExitError',
    'process.exit(0)',
    /^RequestId: [-0-9a-f]{36} Error: Runtime exited without providing a reason$/,
  ],
  ['TypeError', "throw new TypeError('at load')", /^at load$/],
  ['Error', "import 'no-such-package'", /^Cannot find package 'no-such-package'/],
  ['Runtime.ExitError', "Promise.reject('x'); await new Promise(r => setTimeout(r, 1000))", /exit status 1$/],
])('INIT that fails, %s: reported by the invocation that met it', async (errorType, source, errorMessage) => {
  const { lambda, events } = await running({ f: source })
  const result = await lambda.invoke('f')
  expect(result.functionError).toBe('Unhandled')
  const error = failure(result)
  expect(error.errorType).toBe(errorType)
  expect(error.errorMessage).toMatch(errorMessage)
  expect(events.filter((event) => event.type === 'initError')).toHaveLength(1)
  await until(() => lambda.functions[0]!.environments.length === 0)
})

test('a module that is not there: Runtime.ImportModuleError', async () => {
  const { lambda } = await running({ f: { source: '', handler: 'missing.handler' } })
  const error = failure(await lambda.invoke('f'))
  expect(error.errorType).toBe('Runtime.ImportModuleError')
  expect(error.errorMessage).toMatch(/^Error: Cannot find module 'missing'/)
})

test('CommonJS that requires what is not there: Runtime.ImportModuleError', async () => {
  const code = await taskRoot({ 'a.cjs': "require('no-such-package')" })
  await using lambda = localLambda({ functions: { f: { code, handler: 'a.handler' } } })
  expect(failure(await lambda.invoke('f')).errorType).toBe('Runtime.ImportModuleError')
})

test.each(['nodots', '../up.handler'])('a handler called %s: Runtime.MalformedHandlerName', async (handler) => {
  const { lambda } = await running({ f: { source: '', handler } })
  expect(failure(await lambda.invoke('f')).errorType).toBe('Runtime.MalformedHandlerName')
})

test('INIT that failed is tried again by the next invocation', async () => {
  const root = await taskRoot({})
  const { lambda } = await running({
    f: `import { existsSync, mkdirSync } from 'node:fs'
      if (!existsSync('${join(root, 'once')}')) { mkdirSync('${join(root, 'once')}'); throw new Error('not yet') }
      export const handler = async () => 'there'`,
  })
  expect(failure(await lambda.invoke('f')).errorMessage).toBe('not yet')
  expect((await lambda.invoke('f')).payload).toBe('"there"')
})

test('a task root that is no folder says so', async () => {
  const code = join(await taskRoot({}), 'nowhere')
  await using lambda = localLambda({ functions: { f: { code, handler: 'index.handler' } } })
  expect(failure(await lambda.invoke('f'))).toMatchObject({ errorType: 'Runtime.InvalidWorkingDir' })
  await mkdir(code)
  expect(failure(await lambda.invoke('f'))).toMatchObject({ errorType: 'Runtime.ImportModuleError' })
})

test('what Lambda refuses before it invokes anything', async () => {
  const { lambda } = await running({ orders: 'export const handler = async () => 1' })
  await expect(lambda.invoke('order')).rejects.toMatchObject({ name: 'ResourceNotFoundException', statusCode: 404 })
  await expect(lambda.invoke('orders', 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
    statusCode: 413,
  })
  await expect(lambda.invoke('orders', 1n)).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
    statusCode: 400,
  })
})

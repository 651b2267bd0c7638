import { Agent, request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, type Listener, RuntimeApi } from './runtime-api.ts'
import type { Task } from './task.ts'
import { until } from './testing.ts'

const task: Task = {
  requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  payload: '{"sku":"ü"}',
  deadline: 1_542_409_706_888,
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
  traceId: 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
  clientContext: undefined,
  identity: undefined,
  tenantId: undefined,
}

/** A Runtime API and what its listener hears, with a bare HTTP client: the protocol as any runtime would speak it. */
async function open(many = false) {
  const heard: { waiting: number; answers: Answer[]; failures: unknown[]; routes: unknown[]; memory: number[] } = {
    waiting: 0,
    answers: [],
    failures: [],
    routes: [],
    memory: [],
  }
  const listener: Listener = {
    waiting: () => heard.waiting++,
    answered: (_, answer) => heard.answers.push(answer),
    initFailed: (failure) => heard.failures.push(failure),
    routes: (routes) => heard.routes.push(routes),
    memoryUsed: (megabytes) => heard.memory.push(megabytes),
  }
  const api = new RuntimeApi(listener, many)
  const [host, port] = (await api.listen()).split(':')
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => {
    agent.destroy()
    api.close()
  })
  const call = (
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
    trailers = {},
  ) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((done, failed) => {
      const sent = request({ agent, host, port, method, path, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => done({ status: response.statusCode!, headers: response.headers, body: text }))
      })
      sent.on('error', failed)
      if (Object.keys(trailers).length) {
        sent.write(body ?? '')
        sent.addTrailers(trailers)
        sent.end()
      } else sent.end(body)
    })
  const next = () => call('GET', '/2018-06-01/runtime/invocation/next')
  const answer = (body: string | Buffer, end = 'response', headers = {}, trailers = {}) =>
    call('POST', `/2018-06-01/runtime/invocation/${task.requestId}/${end}`, body, headers, trailers)
  /** Begins an answer and breaks the connection. */
  const breakOff = () => {
    const path = `/2018-06-01/runtime/invocation/${task.requestId}/response`
    const sent = request({ host, port, method: 'POST', path, headers: { 'Content-Length': '100' } })
    sent.on('error', () => {})
    sent.write('half')
    sent.once('socket', (socket) => socket.once('connect', () => setTimeout(() => socket.destroy(), 20)))
    return new Promise((closed) => sent.once('close', closed))
  }
  return { api, heard, call, next, answer, breakOff }
}

/** With the invocation handed over. */
async function invoked() {
  const opened = await open()
  const waiting = opened.next()
  await until(() => opened.heard.waiting === 1)
  opened.api.send(task)
  return { ...opened, given: await waiting }
}

test('next is held open until there is an invocation, and says all about it', async () => {
  const { given } = await invoked()
  expect(given.status).toBe(200)
  expect(given.body).toBe(task.payload)
  expect(given.headers).toMatchObject({
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': task.requestId,
    'lambda-runtime-deadline-ms': '1542409706888',
    'lambda-runtime-invoked-function-arn': task.functionArn,
    'lambda-runtime-trace-id': task.traceId,
  })
  expect(given.headers).not.toHaveProperty('lambda-runtime-client-context')
  expect(given.headers).not.toHaveProperty('lambda-runtime-aws-tenant-id')
})

test('response: 202 at once', async () => {
  const { answer, heard } = await invoked()
  expect(await answer('{"ok":true}')).toMatchObject({ status: 202, body: '{"status":"OK"}\n' })
  expect(heard.answers).toEqual([{ payload: '{"ok":true}' }])
})

test('error: 202, and a failure', async () => {
  const { answer, heard } = await invoked()
  const error = { errorType: 'TypeError', errorMessage: 'bad', trace: ['TypeError: bad'] }
  // As RIC: the cause for X-Ray in a header, longer than what Node takes by default.
  const headers = { 'Lambda-Runtime-Function-XRay-Error-Cause': 'x'.repeat(60_000) }
  expect(await answer(JSON.stringify(error), 'error', headers)).toMatchObject({ status: 202 })
  expect(heard.answers).toEqual([{ payload: JSON.stringify(error), failure: error }])
})

test('an unknown id, or one already answered: 400 InvalidRequestID', async () => {
  const { answer, call, heard } = await invoked()
  const unknown = { status: 400, body: '{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}\n' }
  expect(await call('POST', '/2018-06-01/runtime/invocation/nope/response', '1')).toMatchObject(unknown)
  expect(await call('POST', '/2018-06-01/runtime/invocation/nope/error', '1')).toMatchObject(unknown)
  expect(await call('POST', '/2018-06-01/runtime/invocation/%zz/error', '1')).toMatchObject(unknown)
  await answer('1')
  expect(await answer('2')).toMatchObject(unknown)
  expect(heard.answers).toEqual([{ payload: '1' }])
})

test.each([
  ['a byte', 6 * 1024 * 1024 + 101],
  ['far', 80 * 1024 * 1024],
])('too large by %s: 413, and Function.ResponseSizeTooLarge for who invoked', async (_, size) => {
  const { answer, heard } = await invoked()
  const refused = await answer(Buffer.alloc(size, 'x'))
  expect(refused.status).toBe(413)
  expect(JSON.parse(refused.body)).toMatchObject({ errorType: 'RequestEntityTooLarge' })
  expect(heard.answers).toMatchObject([{ failure: { errorType: 'Function.ResponseSizeTooLarge' } }])
})

test('a streamed response may be larger, and ends in trailers when it failed', async () => {
  const { answer, heard, next, api } = await invoked()
  const streaming = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' }
  expect(await answer(Buffer.alloc(7 * 1024 * 1024, 'x'), 'response', streaming)).toMatchObject({ status: 202 })
  expect(heard.answers[0]!.payload).toHaveLength(7 * 1024 * 1024)
  void next()
  await until(() => heard.waiting === 2)
  api.send(task)
  const error = { errorType: 'E', errorMessage: 'm', trace: [] }
  const body = Buffer.from(JSON.stringify(error)).toString('base64')
  const trailers = { 'Lambda-Runtime-Function-Error-Type': 'E', 'Lambda-Runtime-Function-Error-Body': body }
  await answer('half', 'response', { ...streaming, Trailer: Object.keys(trailers).join(', ') }, trailers)
  expect(heard.answers[1]).toEqual({ payload: JSON.stringify(error), failure: error })
})

test('next before the answer: 403 InvalidStateTransition', async () => {
  const { next, heard } = await invoked()
  expect(await next()).toMatchObject({ status: 403, body: expect.stringContaining('InvalidStateTransition') })
  expect(heard.waiting).toBe(1)
})

test('next while the answer is on its way: held until it is there', async () => {
  const { answer, api, call, heard } = await invoked()
  const path = `/2018-06-01/runtime/invocation/next`
  const streaming = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' }
  const [answered, next] = [answer(Buffer.alloc(9 * 1024 * 1024), 'response', streaming), call('GET', path)]
  expect(await answered).toMatchObject({ status: 202 })
  await until(() => heard.waiting === 2)
  api.send({ ...task, payload: '2' })
  expect(await next).toMatchObject({ status: 200, body: '2' })
})

test('many at once: given out as they are asked for, answered in any order', async () => {
  const { api, call, heard, next } = await open(true)
  const ids = ['a', 'b', 'c']
  const first = next()
  await until(() => heard.waiting === 1)
  for (const requestId of ids) api.send({ ...task, requestId, payload: requestId })
  expect([(await first).body, (await next()).body, (await next()).body]).toEqual(ids)
  for (const id of ['c', 'a', 'b']) await call('POST', `/2018-06-01/runtime/invocation/${id}/response`, `"${id}"`)
  expect(heard.answers.map(({ payload }) => payload)).toEqual(['"c"', '"a"', '"b"'])
})

test('init/error: 202; its type is in the body, or else in the header', async () => {
  const { call, heard } = await open()
  const path = '/2018-06-01/runtime/init/error'
  expect(await call('POST', path, '{"errorType":"A","errorMessage":"b"}')).toMatchObject({ status: 202 })
  await call('POST', path, 'no JSON', { 'Lambda-Runtime-Function-Error-Type': 'Runtime.X' })
  expect(heard.failures).toEqual([
    { errorType: 'A', errorMessage: 'b', trace: [] },
    { errorType: 'Runtime.X', errorMessage: 'no JSON' },
  ])
})

test('another path: 404, another method: 405', async () => {
  const { call } = await open()
  expect(await call('GET', '/2018-06-01/runtime/other')).toMatchObject({ status: 404 })
  expect(await call('POST', '/2018-06-01/runtime/invocation/next', '')).toMatchObject({
    status: 405,
    headers: { allow: 'GET' },
  })
  expect(await call('GET', '/2018-06-01/runtime/init/error')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
})

test('an answer that breaks off counts for nothing: the whole one after it does', async () => {
  const { answer, breakOff, heard } = await invoked()
  await breakOff()
  expect(await answer('"whole"')).toMatchObject({ status: 202 })
  expect(heard.answers).toEqual([{ payload: '"whole"' }])
})

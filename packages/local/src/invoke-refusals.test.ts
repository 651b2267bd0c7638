import { InvokeCommand, TooManyRequestsException } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import { until } from './testing.ts'
import { client, invocable, json, raw } from './testing-aws.ts'

const echo = 'export const handler = async (event) => event'

test('no such function, alias or version: ResourceNotFoundException', async () => {
  const { invoke } = await invocable({ orders: echo })
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:'
  const refusal = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 }, Type: 'User' }
  await expect(invoke('other-name')).rejects.toMatchObject({
    ...refusal,
    message: `Function not found: ${arn}other-name`,
  })
  await expect(invoke('order')).rejects.toMatchObject({
    message: `Function not found: ${arn}order: did you mean orders?`,
  })
  await expect(invoke('orders:prod')).rejects.toMatchObject({
    ...refusal,
    message: `Function not found: ${arn}orders:prod`,
  })
  await expect(invoke('orders', { Qualifier: '7' })).rejects.toMatchObject({
    message: `Function not found: ${arn}orders:7`,
  })
  await expect(invoke('orders:1', { Qualifier: '2' })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'The derived qualifier from the function name does not match the specified qualifier.',
  })
})

test('too large: 413 above 6 MB, and above 1 MB where nobody waits', async () => {
  const { invoke } = await invocable({ f: 'export const handler = async (event) => event.length' })
  const string = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
  const { Payload } = await invoke('f', { Payload: string(6_291_456) })
  expect(json(Payload)).toBe(6_291_454)
  const words = (limit: number) => ({
    name: 'RequestTooLargeException',
    $metadata: { httpStatusCode: 413 },
    message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  })
  await expect(invoke('f', { Payload: string(6_291_457) })).rejects.toMatchObject(words(6_291_456))
  expect((await invoke('f', { InvocationType: 'Event', Payload: string(1_048_576) })).StatusCode).toBe(202)
  await expect(invoke('f', { InvocationType: 'Event', Payload: string(1_048_577) })).rejects.toMatchObject(
    words(1_048_576),
  )
})

test('what cannot be read is refused: no JSON, no UTF-8, another type, another method, unknown words', async () => {
  const { invoke, url, all } = await invocable({ f: echo })
  for (const Payload of ['{a}', '{"a":', Buffer.from([0x22, 0xff, 0x22])])
    await expect(invoke('f', { Payload })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      $metadata: { httpStatusCode: 400 },
      message: expect.stringMatching(/^Could not parse request body into json: /),
    })
  const path = '/2015-03-31/functions/f/invocations'
  expect(await raw(url, path, { 'content-type': 'text/html' }, '{}')).toMatchObject({
    status: 415,
    errorType: 'UnsupportedMediaTypeException',
    body: { Type: 'User', message: 'Unsupported Media Type: text/html' },
  })
  expect(await raw(url, path, { 'x-amz-invocation-type': 'Later' }, '{}')).toMatchObject({
    status: 400,
    errorType: 'ValidationException',
    body: { message: expect.stringContaining('[RequestResponse, Event, DryRun]') },
  })
  expect(await raw(url, path, { 'x-amz-log-type': 'All' }, '{}')).toMatchObject({ status: 400 })
  expect(await raw(url, path, {}, '', 'GET')).toMatchObject({ status: 405 })
  expect(await raw(url, '/2015-03-31/functions/f%20g/invocations')).toMatchObject({
    status: 400,
    errorType: 'ValidationException',
  })
  expect(await raw(url, path, { 'content-type': 'application/json; charset=utf-8' }, '[1]')).toMatchObject({
    status: 200,
    body: [1],
  })
  expect(all('start')).toHaveLength(1)
})

test('a page of another site may invoke nothing; one of its own, and who is no browser, may', async () => {
  const { url, all } = await invocable({ f: echo })
  const path = '/2015-03-31/functions/f/invocations'
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const { host, port } = new URL(url)
  for (const sent of [
    { origin: 'https://example.com' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${Number(port) - 1}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
  ])
    for (const to of [path, '/2021-11-15/functions/f/response-streaming-invocations'])
      expect(await raw(url, to, { ...form, ...sent, 'x-amz-invocation-type': 'RequestResponse' })).toMatchObject({
        status: 403,
        errorType: 'AccessDeniedException',
        body: {
          Type: 'User',
          Message: expect.stringMatching(/^A page of .+ is not authorized to invoke functions here\.$/),
        },
      })
  expect(all('start')).toEqual([])
  for (const sent of [{}, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }])
    expect(await raw(url, path, { ...form, ...sent })).toMatchObject({ status: 200 })
})

test('a throttle: 429 with its reason; reserved concurrency first, then what all share', async () => {
  const held = 'export const handler = ({ ms = 0 }) => new Promise(r => setTimeout(r, ms))'
  const { invoke, all } = await invocable(
    { one: { source: held, reservedConcurrency: 1 }, none: { source: held, reservedConcurrency: 0 }, a: held, b: held },
    { concurrency: 3 },
  )
  const refusal = (Reason: string) => ({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
    Type: 'User',
    message: 'Rate Exceeded.',
    Reason,
  })
  const long = ['one', 'a', 'b'].map((name) => invoke(name, { Payload: '{"ms":800}' }))
  await until(() => all('start').length === 3)
  const refused = invoke('one')
  await expect(refused).rejects.toBeInstanceOf(TooManyRequestsException)
  await expect(refused).rejects.toMatchObject(refusal('ReservedFunctionConcurrentInvocationLimitExceeded'))
  await expect(invoke('none')).rejects.toMatchObject(refusal('ReservedFunctionConcurrentInvocationLimitExceeded'))
  await expect(invoke('a')).rejects.toMatchObject(refusal('ConcurrentInvocationLimitExceeded'))
  await Promise.all(long)
  for (const name of ['one', 'a', 'b']) expect((await invoke(name)).StatusCode).toBe(200)
  expect(all('throttle').map((event) => event.function)).toEqual(['one', 'none', 'a'])
})

test('a throttle of a retrying client is but a delay', async () => {
  const { url, all } = await invocable({
    f: { source: 'export const handler = () => new Promise(r => setTimeout(r, 150))', reservedConcurrency: 1 },
  })
  const patient = client(url, 10)
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => patient.send(new InvokeCommand({ FunctionName: 'f' }))),
  )
  expect(answers.map(({ StatusCode }) => StatusCode)).toEqual([200, 200, 200])
  expect(all('throttle').length).toBeGreaterThan(0)
})

import { HttpError, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { fakeContext, httpApiEvent } from '@fnware/testing'
import { trace } from '@opentelemetry/api'
import type { CollectedSpan } from 'test-telemetry'
import { expect, test } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { opentelemetry } from '../opentelemetry.ts'
import { tracer } from '../tracer.ts'

const named = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
  const found = spans.filter((span) => span.name === name)
  expect(found, `${name} among ${spans.map((span) => span.name)}`).toHaveLength(1)
  return found[0] as CollectedSpan
}

test('an invocation is a span, and what it does are spans below it', async () => {
  const collector = await collecting({
    AWS_LAMBDA_FUNCTION_NAME: 'orders',
    AWS_LAMBDA_FUNCTION_VERSION: '7',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/24/[7]a',
    AWS_REGION: 'eu-west-1',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,faas.version=8',
  })
  const handler = lambda()
    .use(tracer({ service: 'shop', engine: opentelemetry({ attributes: { team: 'blue' } }) }))
    .handle(async ({ tracer }) => {
      await tracer.span('both', () =>
        Promise.all([
          tracer.span('left', async (span) => {
            await null
            span.annotate('side', 'left')
            await tracer.span('leaf', () => null)
          }),
          tracer.span('right', async () => {
            await null
            tracer.annotate('side', 'right')
            tracer.metadata('items', [1, { two: 2n }], 'order')
          }),
        ]),
      )
      tracer.annotate('orderId', 'o-1')
      return tracer.traceId
    })
  const context = fakeContext({ functionName: 'orders' })
  const id = await handler({}, context)
  const { spans } = collector
  expect(spans.map(({ name }) => name).toSorted()).toEqual(['both', 'leaf', 'left', 'orders', 'right'])
  expect(new Set(spans.map((span) => span.trace))).toEqual(new Set([id]))
  const root = named(spans, 'orders')
  const both = named(spans, 'both')
  const left = named(spans, 'left')
  expect(root).toMatchObject({
    parent: undefined,
    kind: 'server',
    status: { code: 'unset' },
    attributes: {
      orderId: 'o-1',
      ColdStart: true,
      Service: 'shop',
      'faas.coldstart': true,
      'faas.invocation_id': context.awsRequestId,
      'faas.trigger': 'other',
      'cloud.resource_id': context.invokedFunctionArn,
      'cloud.account.id': '123456789012',
    },
    scope: { name: '@fnware/tracer' },
  })
  expect(both).toMatchObject({ parent: root.id, kind: 'internal' })
  expect(left).toMatchObject({ parent: both.id, attributes: { side: 'left' } })
  expect(named(spans, 'right')).toMatchObject({
    parent: both.id,
    attributes: { side: 'right', 'order.items': '[1,{"two":"2"}]' },
  })
  expect(named(spans, 'leaf').parent).toBe(left.id)
  expect(root.resource).toEqual({
    'service.name': 'shop',
    team: 'blue',
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_lambda',
    'cloud.region': 'eu-west-1',
    'faas.name': 'orders',
    'faas.version': '8',
    'faas.instance': '2026/11/24/[7]a',
    'faas.max_memory': 512 * 1024 * 1024,
    'aws.log.group.names': ['/aws/lambda/orders'],
    'aws.log.stream.names': ['2026/11/24/[7]a'],
    'deployment.environment.name': 'test',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': expect.any(String),
  })
})

test('OTEL_SERVICE_NAME goes before what the function says', async () => {
  const collector = await collecting({ OTEL_SERVICE_NAME: 'named' })
  await lambda()
    .use(tracer({ service: 'shop', engine: opentelemetry() }))
    .handle(() => 1)({}, fakeContext())
  expect(collector.spans[0]?.resource['service.name']).toBe('named')
})

test('a request is named as its route, and what it is answered with tells how it went', async () => {
  const collector = await collecting()
  const engine = opentelemetry()
  const handler = lambda(http())
    .use(tracer({ engine }))
    .routes((r) =>
      r
        .get('/orders/{id}', () => 'found')
        .get('/missing', () => {
          throw new HttpError(404, 'no such order')
        })
        .get('/broken', () => {
          throw new Error('broken')
        }),
    )
  for (const path of ['/orders/7', '/missing', '/broken'])
    await handler(httpApiEvent({ path, headers: { 'user-agent': 'test' } }), fakeContext())
  const [found, missing, broken] = collector.spans
  expect(found).toMatchObject({
    kind: 'server',
    status: { code: 'unset' },
    attributes: {
      'faas.trigger': 'http',
      'http.request.method': 'GET',
      'url.path': '/orders/7',
      'http.response.status_code': 200,
    },
  })
  // A client's fault is no error of the server's.
  expect(missing).toMatchObject({
    status: { code: 'unset' },
    attributes: { 'http.response.status_code': 404 },
    events: [{ name: 'exception', attributes: { 'exception.message': 'no such order' } }],
  })
  expect(broken).toMatchObject({
    status: { code: 'error', message: 'broken' },
    attributes: { 'http.response.status_code': 500, 'error.type': 'Error' },
  })
})

test('what is thrown is told with its causes, and thrown on as it is', async () => {
  const collector = await collecting()
  const circular = new Error('circular')
  circular.cause = circular
  const hostile = new Error('hostile')
  Object.defineProperty(hostile, 'message', {
    get() {
      throw new Error('no')
    },
  })
  const thrown = [
    new TypeError('outer', { cause: new RangeError('inner', { cause: 'a text' }) }),
    circular,
    hostile,
    'a text',
    undefined,
    null,
    Object.create(null),
  ]
  const handler = lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(async ({ event, tracer }) => {
      const error = thrown[event as number]
      const reason: unknown = await tracer
        .span('fails', async () => {
          throw error
        })
        .catch((reason: unknown) => reason)
      return reason === error
    })
  for (const i of thrown.keys()) expect(await handler(i, fakeContext())).toBe(true)
  const [outer, ringed, unreadable, text, ...others] = collector.spans.filter(({ name }) => name === 'fails')
  expect(others.map(({ status }) => status.code)).toEqual(['error', 'error', 'error'])
  expect(outer).toMatchObject({
    status: { code: 'error', message: 'outer' },
    attributes: { 'error.type': 'TypeError' },
  })
  expect(outer?.events[0]?.attributes['exception.stacktrace']).toMatch(
    /^TypeError: outer\n {4}at [\s\S]*\nCaused by: RangeError: inner\n {4}at [\s\S]*\nCaused by: string: a text$/,
  )
  expect(ringed?.events[0]?.attributes['exception.stacktrace']).not.toContain('Caused by')
  expect(unreadable?.events[0]?.attributes).toMatchObject({ 'exception.message': '[cannot be read]' })
  expect(text?.events[0]?.attributes).toMatchObject({ 'exception.type': 'string', 'exception.message': 'a text' })
})

test.each([
  ['http/protobuf', 'application/x-protobuf'],
  ['http/json', 'application/json'],
])('spans are sent as OTEL_EXPORTER_OTLP_PROTOCOL says: %s', async (protocol, type) => {
  const collector = await collecting({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_HEADERS: 'api-key=k' })
  await lambda()
    .use(tracer({ engine: opentelemetry({ headers: { other: 'o' } }) }))
    .handle(() => 1)({}, fakeContext())
  expect(collector.spans).toHaveLength(1)
  expect(collector.requests[0]?.headers).toMatchObject({ 'content-type': type, 'api-key': 'k', other: 'o' })
})

test('spans are sent where `endpoint` says', async () => {
  const { url, spans } = await collecting({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  await lambda()
    .use(tracer({ engine: opentelemetry({ endpoint: `${url}/v1/traces` }) }))
    .handle(() => 1)({}, fakeContext())
  expect(spans).toHaveLength(1)
})

test('who speaks the API of OpenTelemetry takes part: spans of libraries are below ours, and ours below theirs', async () => {
  const { spans } = await collecting()
  await lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(({ tracer }) =>
      tracer.span('ours', () =>
        trace.getTracer('library').startActiveSpan('theirs', async (span) => {
          await null
          tracer.annotate('from', 'ours')
          await tracer.span('within', () => null)
          span.end()
        }),
      ),
    )({}, fakeContext())
  const theirs = named(spans, 'theirs')
  expect(theirs).toMatchObject({ parent: named(spans, 'ours').id, attributes: { from: 'ours' } })
  expect(theirs.scope.name).toBe('library')
  expect(named(spans, 'within').parent).toBe(theirs.id)
})

test('what is still open when the time is up ends with the invocation; anything else when it does', async () => {
  const collector = await collecting()
  const { spans } = collector
  let finish = () => {}
  const engine = opentelemetry()
  const handler = lambda(http())
    .use(tracer({ engine }))
    .routes((r) =>
      r
        .get('/hangs', ({ tracer }) => tracer.span('hangs', () => new Promise<string>(() => {})))
        .get('/goes-on', ({ tracer }) => {
          void tracer.span('goes on', () => new Promise<void>((done) => (finish = done)))
          return 'early'
        })
        .get('/after', () => 'after'),
    )
  await handler(httpApiEvent({ path: '/hangs' }), fakeContext({ timeout: 300 }))
  await collector.until((spans) => spans.length === 2)
  expect(named(spans, 'hangs').status.code).toBe('error')
  await handler(httpApiEvent({ path: '/goes-on' }), fakeContext())
  await collector.until((spans) => spans.length === 3)
  finish()
  await null
  await handler(httpApiEvent({ path: '/after' }), fakeContext())
  await collector.until((spans) => spans.length === 5)
  expect(named(spans, 'goes on')).toMatchObject({ trace: spans[2]?.trace, parent: spans[2]?.id })
})

test('a secret that is known is not shown', async () => {
  const { spans } = await collecting()
  const { hide } = await import('@fnware/core/extend')
  hide(['correct horse battery'])
  await lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(({ tracer }) => {
      tracer.annotate('a', 'is correct horse battery')
      tracer.metadata('b', { c: 'is correct horse battery' })
      throw new Error('not correct horse battery')
    })({}, fakeContext())
    .catch(() => {})
  expect(spans).toHaveLength(1)
  expect(JSON.stringify(spans)).toContain('is [redacted]')
  expect(JSON.stringify(spans)).not.toContain('horse')
})

test('misuse is told in a sentence', () => {
  expect(() => opentelemetry({ endpiont: 'x' } as never)).toThrow(/endpoint/)
  expect(() => opentelemetry({ joinXRay: 'yes' as never })).toThrow('`joinXRay` must be `sampled`, `always` or `never`')
})

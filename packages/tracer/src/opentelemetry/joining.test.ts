import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { propagation } from '@opentelemetry/api'
import fc from 'fast-check'
import type { Collector } from 'test-telemetry'
import { expect, test } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { parent, root, traced } from '../../test/traced.ts'
import { type OpenTelemetryOptions, opentelemetry } from '../opentelemetry.ts'
import { tracer } from '../tracer.ts'

const id = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'
const sampled = `00-${id}-${span}-01`
const unsampled = `00-${id}-${span}-00`
const xrayId = root.slice(2).replace('-', '')
const attribute = (stringValue: string) => ({ stringValue, dataType: 'String' })
const message = (messageAttributes: object, attributes = {}) => ({
  eventSource: 'aws:sqs',
  messageAttributes,
  attributes,
})

const handed = async (event: unknown, context = fakeContext(), options: OpenTelemetryOptions = {}) =>
  lambda()
    .use(tracer({ engine: opentelemetry(options) }))
    .handle(({ tracer }) => tracer.headers())(event as never, context)

/** The span of the one invocation so far. */
const only = ({ spans }: Collector) => {
  expect(spans).toHaveLength(1)
  return spans[0]
}

test.each([
  ['an HTTP API', { headers: { traceparent: sampled, tracestate: 'a=b,c=d' } }],
  ['a REST API', { headers: { Traceparent: sampled, Tracestate: 'a=b,c=d' } }],
  ['a load balancer', { multiValueHeaders: { traceparent: [sampled], tracestate: ['a=b,c=d'] } }],
  ['SQS', { Records: [message({ traceparent: attribute(sampled), tracestate: attribute('a=b,c=d') })] }],
  [
    'SNS',
    {
      Records: [{ Sns: { MessageAttributes: { traceparent: { Value: sampled }, tracestate: { Value: 'a=b,c=d' } } } }],
    },
  ],
  [
    'a batch of one trace',
    {
      Records: [
        message({ traceparent: attribute(sampled), tracestate: attribute('a=b,c=d') }),
        message({ traceparent: attribute(sampled) }),
      ],
    },
  ],
])('the trace of %s is joined, and handed on', async (_, event) => {
  const collector = await collecting()
  const headers = await handed(event)
  const joined = only(collector)
  expect(joined).toMatchObject({ trace: id, parent: span, state: 'a=b,c=d', links: [] })
  expect(headers).toEqual({
    traceparent: `00-${id}-${joined?.id}-01`,
    tracestate: 'a=b,c=d',
    'x-amzn-trace-id': `Root=1-${id.slice(0, 8)}-${id.slice(8)};Parent=${joined?.id};Sampled=1`,
  })
})

test('baggage is handed on, and is there for those who ask for it', async () => {
  await collecting()
  const handler = lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(({ tracer }) => [propagation.getActiveBaggage()?.getEntry('tenant')?.value, tracer.headers().baggage])
  for (const headers of [{ baggage: 'tenant=a' }, { baggage: 'tenant=a', traceparent: sampled }])
    expect(await handler({ headers } as never, fakeContext())).toEqual(['a', 'tenant=a'])
})

test('messages of several traces belong to none of them: each is linked', async () => {
  const collector = await collecting()
  const other = '11111111111111111111111111111111'
  await handed({
    Records: [
      message({ traceparent: attribute(sampled) }),
      message({ traceparent: attribute(`00-${other}-${span}-00`) }),
      message({}),
    ],
  })
  const linked = only(collector)
  expect(linked?.parent).toBeUndefined()
  expect([id, other]).not.toContain(linked?.trace)
  expect(linked?.links).toMatchObject([
    { trace: id, id: span },
    { trace: other, id: span },
  ])
  expect(linked).toMatchObject({
    kind: 'consumer',
    attributes: { 'messaging.batch.message_count': 3, 'faas.trigger': 'pubsub' },
  })
})

test("messages are linked by X-Ray's header too", async () => {
  const collector = await collecting()
  const of = (root: string) => ({ AWSTraceHeader: `Root=${root};Parent=${parent};Sampled=1` })
  await handed({ Records: [message({}, of(root)), message({}, of('1-5759e988-000000000000000000000001'))] })
  expect(only(collector)?.links.map(({ trace }) => trace)).toEqual([xrayId, '5759e988000000000000000000000001'])
})

test("Lambda's own header is joined where it is sampled, and the event brings no other", async () => {
  const collector = await collecting()
  const headers = await handed({}, traced())
  expect(only(collector)).toMatchObject({ trace: xrayId, parent })
  expect(headers['x-amzn-trace-id']).toBe(`Root=${root};Parent=${only(collector)?.id};Sampled=1`)
  await handed({ headers: { traceparent: sampled } }, traced())
  expect(collector.spans[1]).toMatchObject({ trace: id, parent: span })
})

const passed = `Root=${root};Parent=${parent};Sampled=0;Lineage=1:a:0`

test('Lambda says `Sampled=0` of everything without active tracing: by default that decides nothing', async () => {
  const collector = await collecting()
  await handed({}, traced(passed))
  expect(only(collector)?.parent).toBeUndefined()
  expect(only(collector)?.trace).not.toBe(xrayId)

  expect(await handed({}, traced(passed), { joinXRay: 'always' })).toEqual({
    'x-amzn-trace-id': passed,
    traceparent: `00-${xrayId}-${parent}-00`,
  })
  await handed({}, traced(), { joinXRay: 'never' })
  expect(collector.spans).toHaveLength(2)
  expect(collector.spans[1]?.parent).toBeUndefined()
})

test('what its caller does not sample is not traced, and handed on as such', async () => {
  const collector = await collecting()
  // Neither before anything is loaded nor after.
  for (const context of [fakeContext(), traced()])
    expect(await handed({ headers: { traceparent: unsampled, tracestate: 'a=b' } }, context)).toEqual({
      traceparent: unsampled,
      tracestate: 'a=b',
      'x-amzn-trace-id': `Root=1-${id.slice(0, 8)}-${id.slice(8)};Parent=${span};Sampled=0`,
    })
  expect(collector.requests).toEqual([])
  await handed({ headers: { traceparent: sampled } })
  await handed({ headers: { traceparent: unsampled } })
  expect(only(collector)?.parent).toBe(span)
})

const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
    `ff-${id}-${span}-01`,
    `00-${id.toUpperCase()}-${span}-01`,
    `00-${id}-${span}-01-extra`,
    `${sampled}\r\nx: y`,
    'a'.repeat(100_000),
    '__proto__',
  ),
  fc.anything(),
)

test('a header that is none is as good as none', async () => {
  const collector = await collecting()
  const handler = lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(({ tracer }) => tracer.headers().traceparent)
  const events = fc.oneof(
    fc.record({ headers: fc.record({ traceparent: hostile, tracestate: hostile, baggage: hostile }) }),
    fc.record({ multiValueHeaders: fc.dictionary(fc.string(), fc.array(hostile)) }),
    fc.record({
      Records: fc.array(
        fc.record({
          messageAttributes: fc.oneof(
            fc.anything(),
            fc.record({ traceparent: fc.oneof(fc.anything(), fc.record({ stringValue: hostile })) }),
          ),
        }),
      ),
    }),
    fc.record({ Records: fc.anything(), headers: fc.anything() }),
  )
  await fc.assert(
    fc.asyncProperty(events, async (event) => {
      const before = collector.spans.length
      const handedOn = await handler(event as never, fakeContext())
      await collector.until((spans) => spans.length > before)
      const it = collector.spans.at(-1)
      expect(it?.parent).toBeUndefined()
      expect(handedOn).toBe(`00-${it?.trace}-${it?.id}-01`)
    }),
    { numRuns: 200 },
  )
})

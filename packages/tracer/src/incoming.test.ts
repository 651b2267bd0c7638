import { lambda } from '@fnware/core'
import { httpApiEvent, restApiEvent } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { daemon, header, parent, root, traced } from '../test/traced.ts'
import { tracer } from './index.ts'

const other = '1-68aabbcc-000000000000000000000001'
const w3c = `00-${other.slice(2).replace('-', '')}-${parent}-01`
const unsampled = header.replace('Sampled=1', 'Sampled=0')
const message = (AWSTraceHeader?: unknown) => ({
  messageId: 'm',
  attributes: { AWSTraceHeader },
  eventSource: 'aws:sqs',
})
const xrayOf = (root: string) => `Root=${root};Parent=${parent};Sampled=1`

const handler = lambda()
  .use(tracer({ service: 'orders' }))
  .handle(({ tracer }) => tracer.traceId)
const own = () =>
  lambda()
    .use(tracer({ service: 'orders' }))
    .handle(({ tracer }) => tracer.sampled && tracer.traceId)

describe('a trace is joined', () => {
  test.each([
    ["Lambda's own", {}, header, root],
    [
      "Lambda's own rather than a client's",
      httpApiEvent({ headers: { 'x-amzn-trace-id': xrayOf(other) } }),
      header,
      root,
    ],
    ['of an HTTP request', httpApiEvent({ headers: { 'x-amzn-trace-id': xrayOf(other) } }), unsampled, other],
    [
      'of an HTTP request, where Lambda says nothing',
      httpApiEvent({ headers: { 'X-Amzn-Trace-Id': xrayOf(other) } }),
      undefined,
      other,
    ],
    ['of a REST API', restApiEvent({ headers: { 'X-Amzn-Trace-Id': xrayOf(other) } }), unsampled, other],
    [
      'with headers of several values alone',
      { multiValueHeaders: { 'x-amzn-trace-id': [xrayOf(other)] } },
      unsampled,
      other,
    ],
    [
      "in W3C's form",
      httpApiEvent({ headers: { 'x-amzn-trace-id': `Root=${root}`, traceparent: w3c } }),
      unsampled,
      other,
    ],
    ['of a message', { Records: [message(xrayOf(other))] }, unsampled, other],
    ['of all messages', { Records: [message(xrayOf(other)), message(xrayOf(other))] }, unsampled, other],
  ])('%s', async (_, event, header, joined) => {
    const xray = await daemon()
    expect(await own()(event, header === undefined ? traced('') : traced(header))).toBe(joined)
    const [span] = await xray.until((spans) => spans.length === 1)
    expect(span).toMatchObject({ trace: joined, parent })
    // Where Lambda writes no segment for the function, there is one to be written.
    if (joined === other) expect(span).toMatchObject({ name: 'orders', raw: { origin: 'AWS::Lambda::Function' } })
    else expect(span?.raw.type).toBe('subsegment')
  })
})

test.each([
  ['none', {}, undefined],
  [
    'unsampled',
    httpApiEvent({ headers: { 'x-amzn-trace-id': xrayOf(other).replace('Sampled=1', 'Sampled=0') } }),
    unsampled,
  ],
  ['of a message among others', { Records: [message(xrayOf(other)), message()] }, unsampled],
  ['of several', { Records: [message(xrayOf(other)), message(xrayOf(root))] }, unsampled],
  ['malformed', {}, header.replace('5759', 'zzzz')],
  [
    'of a client who breaks lines',
    httpApiEvent({ headers: { 'x-amzn-trace-id': `${xrayOf(other)}\r\nx: y` } }),
    unsampled,
  ],
  [
    'of a client who writes JSON',
    httpApiEvent({ headers: { 'x-amzn-trace-id': `Root=","x":"${other};Sampled=1` } }),
    unsampled,
  ],
  ['endless', httpApiEvent({ headers: { 'x-amzn-trace-id': `${xrayOf(other)};x=${'y'.repeat(100_000)}` } }), unsampled],
  ['no text', { headers: { 'x-amzn-trace-id': { includes: () => true }, traceparent: 7 } }, unsampled],
  ['of records that are none', { Records: [null, 7, 'x'] }, unsampled],
  ['of an event that cannot be read', hostile(), unsampled],
])('an invocation whose trace is %s is not sampled', async (_, event, header) => {
  const xray = await daemon()
  expect(await own()(event, header === undefined ? traced('') : traced(header))).toBe(false)
  await handler(event, traced(unsampled))
  expect(xray.datagrams).toEqual([])
})

test('what of a batch belongs to other traces is linked', async () => {
  const xray = await daemon()
  const third = other.replace(/1$/, '3')
  const Records = [
    message(xrayOf(other)),
    message(xrayOf(third)),
    message(xrayOf(other)),
    message('nonsense'),
    message(),
  ]
  await own()(
    { Records: [...Records, message(header), message(xrayOf(third).replace('Sampled=1', 'Sampled=0'))] },
    traced(),
  )
  const [span] = await xray.until((spans) => spans.length === 1)
  expect(span).toMatchObject({
    trace: root,
    metadata: {
      orders: {
        links: [
          { trace_id: other, id: parent },
          { trace_id: third, id: parent },
        ],
      },
    },
  })
})

function hostile(): object {
  return new Proxy(
    {},
    {
      get: () => {
        throw new Error('no')
      },
    },
  )
}

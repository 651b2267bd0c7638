import { albEvent, fakeContext, functionUrlEvent, httpApiEvent, restApiEvent } from '@fnware/testing'
import { expect, test } from 'vitest'
import { idOf } from './received.ts'

const of = (event: unknown) => idOf(undefined, event, fakeContext({ awsRequestId: 'own' }))

test.each([
  ['HTTP APIs', httpApiEvent],
  ['function URLs', functionUrlEvent],
  ['REST APIs', restApiEvent],
] as const)('%s: the client’s id, or the service’s', (_, build) => {
  const event = build()
  expect(of(event)).toBe(event.requestContext.requestId)
  expect(of(build({ headers: { 'X-Correlation-Id': 'theirs' } }))).toBe('theirs')
})

test('load balancers: the client’s id, or the trace’s', () => {
  expect(of(albEvent({ headers: { 'x-amzn-trace-id': 'Root=1-2' } }))).toBe('Root=1-2')
  expect(of(albEvent({ multiValue: true, headers: { 'x-correlation-id': 'theirs' } }))).toBe('theirs')
  expect(of(albEvent())).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  expect(of({ ...albEvent(), headers: {} })).toBe('own')
})

test.each([
  ['EventBridge', { 'detail-type': 'Order Placed', id: 'event', detail: {} }, 'event'],
  ['SQS, one', { Records: [{ messageId: 'message', eventSource: 'aws:sqs' }] }, 'message'],
  ['SQS, several', { Records: [{ messageId: 'a' }, { messageId: 'b' }] }, 'own'],
  ['SNS', { Records: [{ Sns: { MessageId: 'notification' } }] }, 'notification'],
  ['DynamoDB', { Records: [{ eventID: 'stream' }] }, 'stream'],
  ['S3', { Records: [{ responseElements: { 'x-amz-request-id': 'upload' } }] }, 'upload'],
  ['SES', { Records: [{ ses: { mail: { messageId: 'mail' } } }] }, 'mail'],
  ['Firehose', { invocationId: 'delivery', records: [] }, 'delivery'],
  ['anything', { hello: 1 }, 'own'],
  ['nothing', undefined, 'own'],
  ['text', 'x', 'own'],
  ['wrong records', { Records: 'x' }, 'own'],
])('%s', (_, event, id) => {
  expect(of(event)).toBe(id)
})

test.each(['', 'x'.repeat(257), 'a\nb', 'a\u001b[31m', 'é', 5])('an id that is no id is passed over: %j', (id) => {
  expect(of({ requestContext: { requestId: 'service' }, headers: { 'x-correlation-id': id } })).toBe('service')
})

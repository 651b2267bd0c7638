import { fakeContext, httpApiEvent } from '@fnware/testing'
import { expect, test } from 'vitest'
import { lambda } from '../index.ts'
import type { Carrier } from './carrier.ts'
import { carrierOf } from './carrier.ts'
import { CorrelationOf } from './correlation.ts'
import { correlation } from './middleware.ts'
import { debugIn, idOf } from './received.ts'

const carrier = (debug?: boolean): Carrier => {
  const correlation = new CorrelationOf({ 'x-correlation-id': 'c-1' }, fakeContext())
  correlation.debug = debug
  return carrierOf(correlation)
}
const id = { 'x-correlation-id': { DataType: 'String', StringValue: 'c-1' } }
const debug = { 'x-correlation-debug': { DataType: 'String', StringValue: '1' } }

test('headers: the id, and whether there are DEBUG lines once that was decided', () => {
  expect(carrier().headers()).toEqual({ 'x-correlation-id': 'c-1' })
  expect(carrier(true).headers({ accept: 'text/plain' })).toEqual({
    accept: 'text/plain',
    'x-correlation-id': 'c-1',
    'x-correlation-debug': '1',
  })
  expect(carrier(false).headers()).toEqual({ 'x-correlation-id': 'c-1', 'x-correlation-debug': '0' })
})

test('headers: one that is there already stays, in whatever case', () => {
  expect(carrier().headers({ 'X-Correlation-Id': 'mine' })).toEqual({ 'X-Correlation-Id': 'mine' })
})

test('SQS and SNS: message attributes, of one and of each of a batch', () => {
  const message = {
    QueueUrl: 'q',
    MessageBody: '{}',
    MessageAttributes: { kind: { DataType: 'Number', StringValue: '1' } },
  }
  expect(carrier(true).sqs(message)).toEqual({
    ...message,
    MessageAttributes: { ...message.MessageAttributes, ...id, ...debug },
  })
  expect(message.MessageAttributes).toEqual({ kind: { DataType: 'Number', StringValue: '1' } })
  expect(carrier().sqs({ QueueUrl: 'q', Entries: [{ Id: '1', MessageBody: 'a' }] })).toEqual({
    QueueUrl: 'q',
    Entries: [{ Id: '1', MessageBody: 'a', MessageAttributes: id }],
  })
  expect(carrier().sns({ TopicArn: 't', PublishBatchRequestEntries: [{ Id: '1', Message: 'a' }] })).toEqual({
    TopicArn: 't',
    PublishBatchRequestEntries: [{ Id: '1', Message: 'a', MessageAttributes: id }],
  })
  expect(carrier().sns({ TopicArn: 't', Message: 'a' })).toEqual({ TopicArn: 't', Message: 'a', MessageAttributes: id })
})

test('a message that has its ten attributes stays as it is, and one that has nine gets the id', () => {
  const attributes = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'x' }]))
  const given = (count: number) =>
    Object.keys(carrier(true).sqs({ MessageAttributes: attributes(count) }).MessageAttributes)
  expect(given(10)).not.toContain('x-correlation-id')
  expect(given(9)).toEqual([...Object.keys(attributes(9)), 'x-correlation-id'])
})

test('an attribute that is there already stays', () => {
  const mine = { 'x-correlation-id': { DataType: 'String', StringValue: 'mine' } }
  expect(carrier().sqs({ MessageAttributes: mine }).MessageAttributes).toEqual(mine)
})

test('EventBridge: fields of the detail', () => {
  const put = { Entries: [{ Source: 's', Detail: '{"sku":"A-1"}' }, { Detail: '[1]' }, { Detail: 'no JSON' }, {}] }
  expect(carrier().eventBridge(put).Entries).toEqual([
    { Source: 's', Detail: '{"x-correlation-id":"c-1","sku":"A-1"}' },
    { Detail: '[1]' },
    { Detail: 'no JSON' },
    {},
  ])
})

test('payloads: fields of a JSON object, be it text or bytes', () => {
  expect(carrier().payload({ FunctionName: 'f', Payload: '{"a":1}' })).toEqual({
    FunctionName: 'f',
    Payload: '{"x-correlation-id":"c-1","a":1}',
  })
  expect(carrier().payload({ Payload: new TextEncoder().encode('{"a":1}') })).toEqual({
    Payload: '{"x-correlation-id":"c-1","a":1}',
  })
  expect(carrier().payload({ input: '{"x-correlation-id":"mine"}' })).toEqual({ input: '{"x-correlation-id":"mine"}' })
  const bytes = { Payload: Uint8Array.of(0xff, 0xfe) }
  expect(carrier().payload(bytes)).toEqual(bytes)
})

/** What arrives where a carrier's output is delivered. */
const arrived = (event: unknown, trusted?: boolean) => ({
  id: idOf(undefined, event, fakeContext({ awsRequestId: 'own' })),
  debug: debugIn(event, trusted),
})
const sent = carrier(true)

test.each([
  ['SQS', { Records: [{ messageId: 'm', messageAttributes: lower(sent.sqs({})) }] }],
  ['SNS', { Records: [{ Sns: { MessageId: 'm', MessageAttributes: valued(sent.sns({})) } }] }],
  ['SNS in SQS', { Records: [{ messageId: 'm', messageAttributes: {}, body: notification(valued(sent.sns({}))) }] }],
  [
    'EventBridge',
    { id: 'e', 'detail-type': 'placed', detail: detailOf(sent.eventBridge({ Entries: [{ Detail: '{}' }] })) },
  ],
  ['Lambda', JSON.parse(sent.payload({ Payload: '{"a":1}' }).Payload)],
  ['Step Functions', JSON.parse(sent.payload({ input: '{}' }).input)],
])('what is handed on arrives: %s', (_, event) => {
  expect(arrived(event)).toEqual({ id: 'c-1', debug: true })
})

test('HTTP: the id arrives, and the wish for DEBUG lines where it is trusted', () => {
  const event = httpApiEvent({ headers: sent.headers() })
  expect(arrived(event)).toEqual({ id: 'c-1', debug: undefined })
  expect(arrived(event, true)).toEqual({ id: 'c-1', debug: true })
})

test.each(['yes', 'true', 1, '', null])('%j is no decision', (value) => {
  expect(arrived({ 'x-correlation-id': 'c-1', 'x-correlation-debug': value }).debug).toBeUndefined()
})

test('a body that only looks like a notification is passed over', () => {
  const body = '{"Type":"Notification", "x-correlation-id" broken'
  expect(arrived({ Records: [{ messageId: 'm', body: `${body}"x-correlation-id"` }] }).id).toBe('m')
})

test('an event that cannot be read has the id of its invocation', () => {
  const event = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no')
      },
    },
  )
  expect(arrived(event)).toEqual({ id: 'own', debug: undefined })
})

test('ctx.correlation: the user’s own id goes before what came', async () => {
  const handler = lambda()
    .use(correlation({ id: (event) => (event as { order: string }).order }))
    .handle(({ correlation }) => correlation.headers())
  expect(await handler({ order: 'o-1', 'x-correlation-id': 'c' }, fakeContext())).toEqual({ 'x-correlation-id': 'o-1' })
  expect(await handler({ 'x-correlation-id': 'c' }, fakeContext())).toEqual({ 'x-correlation-id': 'c' })
})

test('its options are checked', () => {
  expect(() => correlation({ ID: () => 'x' } as never)).toThrow(
    'correlation(): there is no option `ID`: did you mean `id`?',
  )
})

test('64 invocations at once each have their own', async () => {
  const handler = lambda()
    .use(correlation())
    .handle(async ({ correlation }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      return correlation.id
    })
  const ids = Array.from({ length: 64 }, (_, i) => `c-${i}`)
  expect(await Promise.all(ids.map((id) => handler({ 'x-correlation-id': id }, fakeContext())))).toEqual(ids)
})

test('what stands in a JSON object beside it stays as it was written, to the digit', () => {
  const json = ' { "id": 12345678901234567890, "price": 1.10, "id-of": { "x-correlation-id": "theirs" } }'
  const { Payload } = carrier(true).payload({ Payload: json })
  expect(Payload).toBe(` {"x-correlation-id":"c-1","x-correlation-debug":"1",${json.slice(2)}`)
  expect(carrier().payload({ input: '{ }' })).toEqual({ input: '{"x-correlation-id":"c-1" }' })
  const full = { Payload: Buffer.from('{"x-correlation-id":"mine"}') }
  expect(carrier().payload(full)).toEqual(full)
})

function lower(input: object) {
  const attributes = (input as { MessageAttributes: Record<string, { StringValue: string }> }).MessageAttributes
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue }]) => [
      name,
      { dataType: 'String', stringValue: StringValue },
    ]),
  )
}
function valued(input: object) {
  const attributes = (input as { MessageAttributes: Record<string, { StringValue: string }> }).MessageAttributes
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue }]) => [name, { Type: 'String', Value: StringValue }]),
  )
}
function notification(MessageAttributes: object) {
  return JSON.stringify({ Type: 'Notification', MessageId: 'n', Message: '{}', MessageAttributes }, undefined, 2)
}
function detailOf(input: { Entries: { Detail: string }[] }) {
  return JSON.parse(input.Entries[0]?.Detail ?? '')
}

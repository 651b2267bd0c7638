import { albEvent, fakeContext, functionUrlEvent, httpApiEvent, restApiEvent } from '@fnware/testing'
import { expect, test } from 'vitest'
import { resourceOf, shown } from './lambda.ts'

const of = (event: unknown) =>
  shown({
    name: '## index.handler',
    service: 's',
    coldStart: false,
    trace: { root: '1-5759e988-bd862e3fe1be46a994272793', sampled: true },
    links: [],
    context: fakeContext({ functionName: 'orders' }),
    event,
    warn: () => {},
  })

test.each([
  ['an HTTP API', httpApiEvent({ path: '/orders/7', route: '/orders/{id}' }), 'GET /orders/{id}', '/orders/{id}'],
  ['an HTTP API without routes', httpApiEvent({ path: '/orders/7' }), 'GET', undefined],
  ['a REST API', restApiEvent({ path: '/orders/7', route: '/orders/{id}' }), 'GET /orders/{id}', '/orders/{id}'],
  ['a function URL', functionUrlEvent({ path: '/orders/7' }), 'GET', undefined],
  ['a load balancer', albEvent({ path: '/orders/7' }), 'GET', undefined],
])('%s: a request is named as its route', (_, event, name, route) => {
  const it = of(event)
  expect(it).toMatchObject({ name, kind: 'server' })
  expect(it.attributes).toMatchObject({ 'faas.trigger': 'http', 'http.request.method': 'GET', 'url.path': '/orders/7' })
  expect(it.attributes['http.route']).toBe(route)
})

test.each([
  ['SQS', { Records: [{ eventSource: 'aws:sqs' }, {}] }, 'consumer', 'pubsub'],
  ['SNS', { Records: [{ EventSource: 'aws:sns' }] }, 'consumer', 'pubsub'],
  ['DynamoDB', { Records: [{ eventSource: 'aws:dynamodb' }] }, 'server', 'datasource'],
  ['a schedule', { source: 'aws.events' }, 'server', 'timer'],
  ['EventBridge', { source: 'shop.orders' }, 'server', 'pubsub'],
  ['an invocation', { source: undefined }, 'server', 'other'],
  ['nothing', null, 'server', 'other'],
  ['a text', 'text', 'server', 'other'],
  ['no records', { Records: [] }, 'server', 'other'],
])('%s: what is no request is named as the function', (_, event, kind, trigger) => {
  expect(of(event)).toMatchObject({ name: 'orders', kind, attributes: { 'faas.trigger': trigger } })
})

test('off Lambda nothing is said of it', () => {
  expect(resourceOf({})).toEqual({})
})

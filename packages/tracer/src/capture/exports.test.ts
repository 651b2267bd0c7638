import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { lambda } from '@fnware/core'
import { redis } from '@fnware/redis'
import { fakeContext } from '@fnware/testing'
import { startRedis } from 'test-servers'
import { expect, onTestFinished, test } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { credentials, region, startSignedWeb } from '../../test/signed-web.ts'
import { startWeb } from '../../test/web.ts'
import { traced, tracer } from '../index.ts'
import { opentelemetry } from '../opentelemetry.ts'

test('with OpenTelemetry: 64 invocations at once, each call below its own, told of by traceparent', async () => {
  const collector = await collecting()
  const cache = await startRedis()
  await using web = await startWeb((_, response) => void setTimeout(() => response.end('ok'), Math.random() * 10))
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  const table = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
  const handler = lambda<number>()
    .use(tracer({ engine: opentelemetry() }))
    .use(
      redis({
        host: 'localhost',
        port: cache.port,
        tls: { ca: cache.ca },
        credentials: { password: cache.password },
        connect: 'init',
      }),
    )
    .handle(async ({ event, tracer, redis }) => {
      await Promise.all([
        tracer.span('web', async () => (await fetch(`${web.url}/${event}`)).text()),
        tracer.span('data', async () => {
          await redis.get('hidden')
          await table.send(new GetItemCommand({ TableName: 'orders', Key: {} }))
        }),
      ])
      return tracer.traceId
    })
  onTestFinished(async () => {
    await handler.dispose()
    await cache.close()
  })
  const traces = await Promise.all(Array.from({ length: 64 }, (_, i) => handler(i, fakeContext())))
  await collector.until((spans) => spans.length >= 64 * 6)
  expect(collector.spans).toHaveLength(64 * 6)
  expect(new Set(traces).size).toBe(64)
  for (const [i, trace] of traces.entries()) {
    const spans = collector.spans.filter((span) => span.trace === trace)
    const parents = Object.fromEntries(
      spans.map(({ name, attributes, parent }) => [
        attributes['db.system.name'] ?? name,
        spans.find(({ id }) => id === parent)?.name,
      ]),
    )
    expect(parents).toMatchObject({ web: expect.anything(), GET: 'web', redis: 'data', 'DynamoDB.GetItem': 'data' })
    const call = spans.find(({ attributes }) => attributes['url.full'] === `${web.url}/${i}`)
    const { headers } = web.requests.find(({ path }) => path === `/${i}`) ?? {}
    expect(headers?.traceparent).toBe(`00-${trace}-${call?.id}-01`)
  }
  expect(JSON.stringify(collector.spans)).not.toContain('hidden')
  const told = collector.spans
    .filter(({ name }) => name === 'DynamoDB.GetItem')
    .map(({ trace, id }) => `00-${trace}-${id}-01`)
  expect(dynamo.requests.map(({ headers }) => headers.traceparent).toSorted()).toEqual(told.toSorted())
})

test('with OpenTelemetry: the tables of a batch, as of one item', async () => {
  const collector = await collecting()
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  const table = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
  const handler = lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(async () => {
      await table.send(new GetItemCommand({ TableName: 'a', Key: {} }))
      await table.send(new BatchGetItemCommand({ RequestItems: { a: { Keys: [] }, b: { Keys: [] } } }))
    })
  await handler({}, fakeContext())
  const spans = await collector.until((spans) => spans.length === 3)
  const tables = spans.map(({ attributes }) => attributes['aws.dynamodb.table_names'])
  expect(tables.filter(Boolean)).toEqual([['a'], ['a', 'b']])
})

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { redis } from '@fnware/redis'
import { startRedis } from 'test-servers'
import { traced } from '../../src/index.ts'
import { credentials, region, startSignedWeb } from '../signed-web.ts'
import { startWeb } from '../web.ts'
import { base, invoke } from './kit.ts'

// Calls of a function whose instance of Powertools captures requests itself.
const cache = await startRedis()
await using web = await startWeb((_, response) => response.end('ok'))
await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
const table = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
const handler = base()
  .use(
    redis({
      host: 'localhost',
      port: cache.port,
      tls: { ca: cache.ca },
      credentials: { password: cache.password },
      connect: 'init',
    }),
  )
  .handle(async ({ tracer, redis }) => {
    await tracer.span('data', async () => {
      await redis.get('a')
      await table.send(new GetItemCommand({ TableName: 'orders', Key: {} }))
    })
    await (await fetch(web.url)).text()
    return 'done'
  })
console.log(JSON.stringify(await invoke(handler as never, 1)))
console.log(JSON.stringify(dynamo.requests.map(({ headers }) => headers['x-amzn-trace-id'])))
await handler.dispose()
await cache.close()

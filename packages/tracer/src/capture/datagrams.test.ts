import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { lambda } from '@fnware/core'
import { http as httpSource } from '@fnware/http'
import { mysql } from '@fnware/rds/mysql'
import { postgres } from '@fnware/rds/postgres'
import { redis } from '@fnware/redis'
import { httpApiEvent } from '@fnware/testing'
import { startAws } from 'test-aws'
import { type Address, startMariaDb, startPostgres, startRedis } from 'test-servers'
import type { Span } from 'test-telemetry'
import { expect, onTestFinished, test, vi } from 'vitest'
import { credentials, region, startSignedWeb } from '../../test/signed-web.ts'
import { daemon, header, parent, root, traced as tracedContext } from '../../test/traced.ts'
import { startSecureWeb, startWeb } from '../../test/web.ts'
import { traced, tracer } from '../index.ts'

const get = async (url: string, options: https.RequestOptions = {}): Promise<string> => {
  const [response] = (await once((url.startsWith('https') ? https : http).get(url, options), 'response')) as [
    IncomingMessage,
  ]
  return text(response)
}

const to = ({ host, port, ca, database, user, password }: Address) => ({
  host,
  port,
  database,
  tls: { ca },
  credentials: { user, password },
})

/** Names of those below a span. */
const below = (spans: readonly Span[], id: string | undefined): readonly string[] =>
  spans
    .filter((span) => span.parent === id)
    .map(({ name }) => name)
    .toSorted()

test('64 invocations at once, with calls of every kind: each is shown below its own span of its own trace', async () => {
  const xray = await daemon()
  const [postgresql, mariadb, cache] = await Promise.all([startPostgres(), startMariaDb(), startRedis()])
  await using aws = await startAws()
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  await using plain = await startWeb((_, response) => void setTimeout(() => response.end('ok'), Math.random() * 10))
  await using secure = await startSecureWeb(
    (_, response) => void setTimeout(() => response.end('ok'), Math.random() * 10),
  )
  aws.secrets.create('prod/db', 'hidden')
  const { endpoint } = aws
  const secrets = new SecretsManagerClient({ endpoint, region: aws.region, credentials: aws.credentials })
  const table = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
  const agent = new https.Agent({ ca: secure.ca, keepAlive: true, maxSockets: 8 })
  const handler = lambda<number>()
    .use(tracer())
    .use(postgres({ ...to(postgresql), key: 'pg', max: 4, acquireTimeout: 30_000 }))
    .use(mysql({ ...to(mariadb), key: 'my', max: 4, acquireTimeout: 30_000 }))
    .use(
      redis({
        host: 'localhost',
        port: cache.port,
        tls: { ca: cache.ca },
        credentials: { password: cache.password },
      }),
    )
    .handle(async ({ event, tracer, pg, my, redis }) => {
      await Promise.all([
        tracer.span('web', async () => {
          await (await fetch(`${plain.url}/${event}`)).text()
          await get(`${secure.url}/${event}`, { agent })
        }),
        tracer.span('data', async () => {
          await pg.query('select $1::int', [event])
          await Promise.all([my.query('select ?', [event]), redis.set(`k${event}`, event)])
        }),
        tracer.span('aws', () =>
          Promise.all([
            secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' })),
            table.send(new GetItemCommand({ TableName: `t${event}`, Key: {} })),
          ]),
        ),
      ])
      await get(`${plain.url}/${event}/last`)
    })
  onTestFinished(async () => {
    await handler.dispose()
    agent.destroy()
    await Promise.all([postgresql.close(), mariadb.close(), cache.close()])
  })
  const rootOf = (i: number) => `1-5759e988-${i.toString(16).padStart(24, '0')}`
  const parentOf = (i: number) => (i + 1).toString(16).padStart(16, '0')
  await Promise.all(
    Array.from({ length: 64 }, (_, i) =>
      handler(i, tracedContext(`Root=${rootOf(i)};Parent=${parentOf(i)};Sampled=1`)),
    ),
  )
  const own = (spans: readonly Span[]) => spans.filter(({ name }) => !/^(?:connect|wait)\b/.test(name))
  const all = own(await xray.until((spans) => own(spans).length >= 64 * 12))
  expect(all).toHaveLength(64 * 12)
  for (let i = 0; i < 64; i++) {
    const spans = all.filter(({ trace }) => trace === rootOf(i))
    const [first] = spans.filter(({ parent }) => parent === parentOf(i))
    const idOf = (name: string) => spans.find((span) => span.name === name && span.parent === first?.id)?.id
    expect(below(spans, first?.id)).toEqual(['aws', 'data', 'localhost', 'web'])
    expect(below(spans, idOf('web'))).toEqual(['localhost', 'localhost'])
    expect(below(spans, idOf('aws'))).toEqual(['DynamoDB', 'SecretsManager'])
    expect(below(spans, idOf('data'))).toEqual(
      ['localhost', `${mariadb.database}@${mariadb.host}`, `${postgresql.database}@${postgresql.host}`].toSorted(),
    )
    // What the servers were told is the very span of the call.
    const urls = spans.flatMap(({ id, raw }) => {
      const url = (raw.http as { request?: { url?: string } } | undefined)?.request?.url
      return url?.startsWith(plain.url) || url?.startsWith(secure.url) ? [[url, id] as const] : []
    })
    expect(urls).toHaveLength(3)
    for (const [url, id] of urls) {
      const { requests, url: origin } = url.startsWith('https') ? secure : plain
      const { headers } = requests.find(({ path }) => origin + path === url) ?? {}
      expect(headers?.['x-amzn-trace-id']).toBe(`Root=${rootOf(i)};Parent=${id};Sampled=1`)
    }
    expect(JSON.stringify(spans)).toContain(`"table_name":"t${i}"`)
  }
  expect(JSON.stringify(xray.documents)).not.toMatch(/hidden|select \$1/)
})

test('what X-Ray is sent of a call, and of a statement', async () => {
  const xray = await daemon()
  const server = await startPostgres()
  await using web = await startWeb((_, response) => response.writeHead(503, { 'content-length': 4 }).end('busy'))
  await using aws = await startAws()
  aws.secrets.create('prod/db', 'hidden')
  const secrets = traced(
    new SecretsManagerClient({ endpoint: aws.endpoint, region: aws.region, credentials: aws.credentials }),
  )
  const handler = lambda()
    .use(tracer())
    .use(postgres({ ...to(server), traceStatements: true }))
    .handle(async ({ db }) => {
      await fetch(`${web.url}/a?token=hidden`)
      await get('http://localhost:1/').catch(() => {})
      await secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' }))
      await db.query('select 1 / $1', [0]).catch(() => {})
    })
  onTestFinished(async () => {
    await handler.dispose()
    await server.close()
  })
  await handler({}, tracedContext())
  const spans = await xray.until((spans) => spans.length === 6)
  const raw = (name: string) => spans.filter((span) => span.name === name).map((span) => span.raw)
  expect(raw('localhost')).toMatchObject([
    {
      namespace: 'remote',
      fault: true,
      http: { request: { method: 'GET', url: `${web.url}/a` }, response: { status: 503, content_length: 4 } },
    },
    { namespace: 'remote', fault: true, http: { request: { url: 'http://localhost:1/' } } },
  ])
  expect(spans.find(({ raw }) => JSON.stringify(raw).includes('localhost:1/'))?.exceptions[0]?.message).toContain(
    'ECONNREFUSED',
  )
  expect(raw('SecretsManager')).toMatchObject([
    {
      namespace: 'aws',
      http: { response: { status: 200 } },
      aws: { operation: 'GetSecretValue', region: aws.region, retries: 0, resource_names: ['prod/db'] },
    },
  ])
  expect(raw(`${server.database}@${server.host}`)).toMatchObject([
    {
      namespace: 'remote',
      fault: true,
      sql: {
        url: `postgresql://${server.host}:${server.port}/${server.database}`,
        database_type: 'PostgreSQL',
        user: server.user,
        sanitized_query: 'select 1 / $1',
      },
    },
  ])
  expect(raw(`connect to ${server.database}@${server.host}`)).toMatchObject([{ name: expect.any(String) }])
  expect(JSON.stringify(xray.documents)).not.toContain('hidden')
})

test('a call that outlives its invocation stays its own, also in the next', async () => {
  const xray = await daemon()
  let answer = () => {}
  await using web = await startWeb((request, response) => {
    if (request.url === '/late') answer = () => response.end('late')
    else response.end('ok')
  })
  let late: Promise<unknown> | undefined
  const handler = lambda<string>()
    .use(tracer())
    .handle(async ({ event }) => {
      if (event === 'late') {
        late = fetch(`${web.url}/late`).then((response) => response.text())
        await vi.waitUntil(() => web.requests.length === 1)
      } else {
        answer()
        await late
        await (await fetch(web.url)).text()
      }
    })
  await handler('late', tracedContext())
  const second = `Root=${root.replace(/.$/, '0')};Parent=${parent};Sampled=1`
  await handler('next', tracedContext(second))
  const spans = await xray.until((spans) => spans.filter(({ end }) => end !== undefined).length >= 4)
  const urlsOf = (trace: string) =>
    spans.flatMap(({ trace: it, raw }) => {
      const { request } = (raw.http ?? {}) as { request?: { url?: string } }
      return it === trace && request?.url ? [request.url] : []
    })
  expect(new Set(urlsOf(root))).toEqual(new Set([`${web.url}/late`]))
  expect(urlsOf(root.replace(/.$/, '0'))).toEqual([`${web.url}/`])
  expect(header).toContain(root)
})

test('an answer that never ends does not hold up the invocation, and is told of', async () => {
  const xray = await daemon()
  await using web = await startWeb((_, response) => void response.write('and then'))
  const handler = lambda()
    .use(tracer())
    .handle(async () => {
      await fetch(web.url)
    })
  await handler({}, tracedContext())
  const spans = await xray.until((spans) => spans.some(({ name }) => name === 'localhost'))
  expect(spans.find(({ name }) => name === 'localhost')?.raw).toMatchObject({
    http: { request: { url: `${web.url}/` }, response: { status: 200 } },
  })
})

test('at the deadline a call that hangs is a fault: it is what has used the time up', async () => {
  const xray = await daemon()
  await using web = await startWeb(() => {})
  const handler = lambda(httpSource())
    .use(tracer())
    .handle(async () => {
      await fetch(web.url)
      return 'never'
    })
  expect(await handler(httpApiEvent(), tracedContext(header, 600))).toMatchObject({ statusCode: 504 })
  const spans = await xray.until((spans) => spans.some(({ name, fault }) => name === 'localhost' && fault))
  const call = spans.find(({ name, fault }) => name === 'localhost' && fault)
  expect(call?.raw).toMatchObject({ end_time: expect.any(Number), http: { request: { url: `${web.url}/` } } })
})

test('captureCalls: false shows none, and an invocation that is not sampled neither', async () => {
  const xray = await daemon()
  await using web = await startWeb((_, response) => response.end())
  const handler = lambda()
    .use(tracer({ captureCalls: false }))
    .handle(() => fetch(web.url).then(() => 1))
  await handler({}, tracedContext())
  expect(await xray.until((spans) => spans.length > 0)).toHaveLength(1)
  const other = lambda()
    .use(tracer())
    .handle(() => fetch(web.url).then(() => 1))
  await other({}, tracedContext(header.replace('Sampled=1', 'Sampled=0')))
  expect(web.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([undefined, undefined])
})

// Everything here compiles.

import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'
import { type Handler, lambda, type Middleware, type Resource, resource, stack } from '@fnware/core'
import { type HttpEvent, type HttpResult, http, reply } from '@fnware/http'
import { type Logger as Logs, logger as logs } from '@fnware/logger'
import { type Metrics, type MetricsOptions, type MetricUnit, metrics } from '@fnware/metrics'
import { parameter, parameters } from '@fnware/parameters'
import { iam } from '@fnware/rds'
import { rdsCa } from '@fnware/rds/ca'
import { mysql } from '@fnware/rds/mysql'
import { postgres as database } from '@fnware/rds/postgres'
import { secrets as awsSecrets, secret } from '@fnware/secrets'
import { tracer as tracing } from '@fnware/tracer'
import type { Pool as MySqlPool, ResultSetHeader, RowDataPacket } from 'mysql2'
import type { Pool as PgPool } from 'pg'
import * as z from 'zod'
import {
  auth,
  base,
  type Child,
  child,
  logger,
  type Message,
  measuring,
  noting,
  orders,
  type Pool,
  postgres,
  queue,
  secrets,
  tracer,
} from './kit.ts'

const Order = z.object({ id: z.string(), sku: z.string(), quantity: z.int() })
const Problem = z.object({ status: z.int(), title: z.string() })
const Job = z.object({ id: z.string() })
const is = <T>(_: T) => {}

export const handler = lambda(http())
  .use(logger())
  .use(tracer())
  .use(secrets({ database: 'prod/db', stripe: 'prod/stripe' }))
  .use(postgres({ credentials: ({ secrets }) => secrets.database }))
  .use(postgres({ key: 'reports', credentials: async ({ secrets }) => secrets.stripe }))
  .use(
    resource('stripe', {
      needs: ['secrets'],
      init: ({ secrets }) => ({ key: secrets.stripe }),
      dispose: (stripe) => is<{ key: string }>(stripe),
    }),
  )
  .use(resource('cache', { init: () => new Map<string, number>() }))
  .use(auth({ key: ({ secrets }) => secrets.stripe }))
  .use(child())
  .use(async ({ logger, db }, next) => {
    is<Child>(logger)
    return next({ tenant: 'x' as const, rows: await db.query('x') }, (error) => is<unknown>(error))
  })
  .input(Order)
  .handle(
    async ({ input, tenant, stripe, db, reports, cache, logger, event, signal, user, request, response, defer }) => {
      is<[string, 'x', string, Pool, Pool]>([input.sku, tenant, stripe.key, db, reports])
      is<[Map<string, number>, Child, HttpEvent, AbortSignal, string]>([cache, logger, event, signal, user.id])
      is<[string, string | undefined, string | undefined]>([request.method, request.ip, request.query.page])
      response.headers.set('x-tenant', tenant)
      defer(({ outcome }) => is<string>(outcome))
      return reply(201, input, { location: input.id })
    },
  )
is<Handler<HttpEvent, HttpResult>>(handler)
handler.with({ db: { query: async () => [] } })

// Needs by annotation and by return type; a stack that needs something; early replies; the event's type.
export const a: Resource<{ secrets: { dbUrl: string } }, 'a', { url: string }> = resource('a', {
  needs: ['secrets'],
  init: ({ secrets }: { secrets: { dbUrl: string } }) => ({ url: secrets.dbUrl }),
})
const signed = stack<{ user: { id: string } }, { db: Pool }>()
  .use(orders())
  .use(({ user }, next) => next({ admin: user.id === 'root' }))
lambda(http())
  .use(base)
  .use(auth({ key: ({ secrets }) => secrets.jwt }))
  .use(signed)
  .handle(({ admin, orders }) => orders.find(String(admin)))
lambda<unknown, { ok: boolean }>()
  .use(async ({ event }, next) => (event ? { ok: true } : next({ user: 1 })))
  .handle(({ user }) => ({ ok: user > 0 }))
lambda(http())
  .use(async ({ request }, next) => (request.path === '/old' ? new Response(null, { status: 301 }) : next()))
  .handle(() => new Response('hello'))
is<(event: { id: number }, context: never) => Promise<string>>(
  lambda()
    .input(z.object({ id: z.number() }))
    .handle(({ input }) => String(input.id)),
)
is<(event: { id: string }, context: never) => Promise<Pool>>(
  lambda<{ id: string }>()
    .use(base)
    .handle(({ db }) => db),
)
const generic =
  <L extends { child(keys: object): unknown }>(): Middleware<{ logger: L }, { logger: L }> =>
  ({ logger }, next) =>
    next({ logger })
lambda()
  .use(logger())
  .use(generic())
  .handle(({ logger }) => logger.info('x'))

// Routes.
lambda(http())
  .use(base)
  .use(orders())
  .routes((r) => {
    r.get('/health', () => ({ ok: true }))
    r.get('/files/{bucket}/{proxy+}', ({ params, db }) => db.query(params.bucket + params.proxy))
    const mine = r.use(auth({ key: ({ secrets }) => secrets.jwt }))
    mine.get(
      '/orders/{id}',
      { params: z.object({ id: z.uuid() }), response: { 200: Order, 404: Problem } },
      async ({ params, user }) =>
        user.id === params.id
          ? { id: '1', sku: 's', quantity: 1 }
          : reply(404, { status: 404, title: 'no such order' }),
    )
    mine.post(
      '/orders',
      { body: Job, query: z.object({ dry: z.coerce.boolean().default(false) }), response: { 201: Order } },
      async ({ body, query }) =>
        reply(201, { id: body.id, sku: String(is<boolean>(query.dry)), quantity: 1 }, { location: '/orders/1' }),
    )
  })

// Batches.
is<(event: readonly Message[], context: never) => Promise<readonly string[]>>(
  lambda(queue())
    .use(base)
    .input(Job)
    .each(({ input, record, db }) => is<[string, Message, Pool]>([input.id, record, db])),
)
lambda(queue())
  .use(base)
  .input(Job)
  .each(
    ({ record }, next) => next({ key: record.id }),
    ({ key }, next) => next({ long: key.length }),
    ({ input, key, long }) => input.id + key.length + long,
    { concurrency: 5 },
  )

// Databases.
const Database = z.object({ username: z.string(), password: z.string() })
export const ordersDatabase = lambda()
  .use(awsSecrets({ database: secret('prod/db', Database), rare: secret('rare/db', Database, { lazy: true }) }))
  .use(database({ host: process.env.DB_PROXY, credentials: ({ secrets }) => secrets.database, tls: { ca: rdsCa } }))
  .use(database({ key: 'reports', credentials: ({ secrets }) => secrets.rare() }))
  .use(database({ key: 'audit', credentials: iam({ user: 'app' }), tls: {} }))
  .use(database({ key: 'local', credentials: { user: 'app', password: 'x' }, tls: false, max: 5 }))
  .use(resource('sku', { needs: ['db'], init: async ({ db }) => (await db.query<{ sku: string }>('select')).rows }))
  .handle(async ({ db, reports, audit, local, sku }) => {
    const typed: number | undefined = (await db.query<{ id: number }>('select 1 as id', [1])).rows[0]?.id
    const arrays: [number] | undefined = (await reports.query<[number]>({ text: 'select 1', rowMode: 'array' })).rows[0]
    const result: string = await audit.transaction(
      async (tx) => {
        await tx.query({ text: 'insert', values: [1] as const })
        return 'done'
      },
      { isolation: 'serializable', readOnly: true, retries: 5 },
    )
    const pool: PgPool = local.pool
    return [typed, arrays, result, pool.totalCount, db.health.opened, sku[0]?.sku]
  })

interface Sku extends RowDataPacket {
  readonly sku: string
}
export const ordersInMySql = lambda()
  .use(awsSecrets({ database: secret('prod/db', Database) }))
  .use(mysql({ host: process.env.DB_PROXY, credentials: ({ secrets }) => secrets.database, tls: { ca: rdsCa } }))
  .use(mysql({ key: 'audit', credentials: iam({ user: 'app' }), driver: { dateStrings: ['DATE'], typeCast: false } }))
  .handle(async ({ db, audit }) => {
    const [rows] = await db.query<Sku[]>('select sku from orders where id in (?)', [[1, 2]])
    const sku: string | undefined = rows[0]?.sku
    const inserted: number = await audit.transaction(
      async (tx) =>
        (await tx.query<ResultSetHeader>({ sql: 'insert', values: { id: 1 }, idempotent: true }))[0].insertId,
      { isolation: 'read committed' },
    )
    const [prepared] = await db.execute<Sku[]>('select sku from orders where id = ?', [1])
    const pool: MySqlPool = db.pool
    return [sku, inserted, prepared.length, pool.config.connectionLimit, db.health.opened]
  })

// A level that a parameter says.
const Level = z.enum(['debug', 'info', 'warn'])
lambda(http())
  .use(parameters({ logLevel: parameter('/app/log-level', Level), other: parameter('/app/other') }))
  .use(logs({ service: 'orders', level: ({ parameters }) => parameters.logLevel, buffer: { maxBytes: 1024 } }))
  .handle(({ logger, parameters }) => {
    is<Logs>(logger)
    return parameters.other
  })
stack<{ parameters: { logLevel: string } }>().use(logs({ level: ({ parameters }) => parameters.logLevel }))

// Names, units and dimensions are inferred, and what needs some is content with more.
const measured = metrics({
  metrics: { placed: 'Count', latency: { unit: 'Milliseconds', resolution: 'high' }, rate: 'Bytes/Second' },
  dimensions: ['tenant', 'region'],
})
lambda()
  .use(measured)
  .use(measuring())
  .use(({ metrics }, next) => next({ metrics: metrics.with({ tenant: 'a' }) }))
  .handle(({ metrics }) => {
    is<Metrics<'placed' | 'latency' | 'rate', 'tenant' | 'region'>>(metrics)
    is<Metrics<'placed'>>(metrics)
    metrics.add('placed', 1)
    metrics.dimensions({ region: process.env.AWS_REGION })
    metrics.with({ tenant: 'a', region: undefined }).with({ region: 'eu' }).metadata('a', [1])
    metrics.timestamp(new Date())
  })
lambda()
  .use(metrics(new PowertoolsMetrics(), { metrics: { placed: 'Count' }, dimensions: ['tenant'] }))
  .use(measuring())
  .handle(({ metrics }) => is<Metrics<'placed', 'tenant'>>(metrics))
// Names that are known when it runs.
declare const units: Readonly<Record<string, MetricUnit>>
declare const names: readonly string[]
lambda()
  .use(metrics({ metrics: units, dimensions: names }))
  .handle(({ metrics }) => {
    metrics.add('any', 1)
    metrics.dimensions({ any: 'x' })
  })
is<MetricsOptions<'a', 'b'>>({ metrics: { a: 'None' }, dimensions: ['b'], defaultDimensions: { c: 'x' } })

interface Noted {
  readonly sku: string
  readonly amount: number
}
export const traces: Handler<unknown, Promise<number> | string, {}> = lambda<unknown, Promise<number> | string>()
  .use(tracing<Noted>())
  // It needs less than there is.
  .use(noting())
  .handle(({ tracer }) => {
    tracer.annotate('amount', 5)
    const sync: number = tracer.span('sync', () => 1)
    const later: Promise<number> = tracer.span('later', async (span) => {
      span.annotate('sku', 'x')
      return sync
    })
    const headers: Record<string, string> = tracer.headers()
    return tracer.sampled ? later : `${headers.traceparent}`
  })
lambda().use(tracing()).use(noting())

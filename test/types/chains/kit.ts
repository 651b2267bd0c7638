// Stand-ins for feature packages.

import type { Source } from '@fnware/core'
import { fresh, type Init, live, type Middleware, type Resource, resource, stack } from '@fnware/core'
import { type Batch, batch } from '@fnware/core/extend'
import { type HttpRequest, type Reply, reply } from '@fnware/http'
import type { Metrics } from '@fnware/metrics'
import type { Tracer } from '@fnware/tracer'

export interface Logger {
  info(message: string): void
  child(keys: object): Child
}
export interface Child extends Logger {
  readonly keys: object
}
export interface Pool {
  query(sql: string): Promise<unknown[]>
}
const log = (keys: object): Child => ({ keys, info: () => {}, child: (more) => log({ ...keys, ...more }) })

export const logger = (): Middleware<{}, { logger: Logger }> => (ctx, next) =>
  next({ logger: log({ id: ctx.context.awsRequestId }) })

export const child = (): Middleware<{ logger: Logger }, { logger: Child }> => (ctx, next) =>
  next({ logger: ctx.logger.child({}) })

export const measuring =
  (): Middleware<{ readonly metrics: Metrics<'placed', 'tenant'> }> =>
  ({ metrics }, next) => {
    metrics.with({ tenant: 'a' }).add('placed', 1)
    return next()
  }

export const noting =
  (): Middleware<{ readonly tracer: Tracer<{ sku: string }> }> =>
  ({ tracer }, next) => {
    tracer.annotate('sku', 'x')
    return next()
  }

export const tracer = (): Middleware<{}, { span: { end(): void } }> => (_, next) => {
  const span = { end() {} }
  return next({ span }, span.end)
}

export const secrets = <const Ids extends Readonly<Record<string, string>>>(
  ids: Ids,
): Resource<{}, 'secrets', { readonly [K in keyof Ids]: string }> =>
  resource('secrets', {
    init: async (_, { keep }) => {
      const cells = Object.entries(ids).map(
        async ([key, id]) => [key, await keep(fresh(async () => `secret:${id}`))] as const,
      )
      return live(Object.fromEntries(await Promise.all(cells))) as { [K in keyof Ids]: string }
    },
  })

export const postgres = <Needs extends object = {}, const Key extends string = 'db'>(options: {
  key?: Key
  credentials: (resources: Needs) => string | Promise<string>
}): Resource<Needs, Key, Pool> =>
  resource(options.key ?? ('db' as Key), {
    init: (_: {}, { read }: Init<Needs>) => ({ query: async (sql) => [sql, await read(options.credentials)] }),
  })

/** Needs a shape, and says so by name. */
export const orders = (): Resource<{ db: Pool }, 'orders', { find(id: string): Promise<unknown> }> =>
  resource('orders', { needs: ['db'], init: ({ db }) => ({ find: (id) => db.query(id) }) })

export const auth =
  <Needs extends object = {}>(options: {
    key: (ctx: Needs) => string
  }): Middleware<Needs & { request: HttpRequest }, { user: { id: string } }, Reply<401>> =>
  async (ctx, next) =>
    ctx.request.headers.authorization === options.key(ctx) ? next({ user: { id: 'u' } }) : (reply(401) as Reply<401>)

export interface Message {
  readonly id: string
  readonly body: string
}
export interface Item {
  readonly record: Message
}
export const queue = (): Source<Batch<readonly Message[], readonly string[], Item>> =>
  batch({
    name: 'queue',
    records: (event: readonly Message[]) => event,
    id: ({ id }) => id,
    open: (record): Item => ({ record }),
    payload: ({ record }) => JSON.parse(record.body),
    answer: ({ undone }): readonly string[] => undone.map(({ id }) => id),
  })

export const base = stack()
  .use(logger())
  .use(secrets({ database: 'prod/db', jwt: 'prod/jwt' }))
  .use(postgres({ credentials: ({ secrets }) => secrets.database }))

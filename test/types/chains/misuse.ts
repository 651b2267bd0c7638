// Every line with a ⛔ comment fails to compile with that in its message, and no other line fails.
import { lambda, resource, stack } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { logger as logs } from '@fnware/logger'
import { metrics } from '@fnware/metrics'
import { env, kms, parameter, parameters, path } from '@fnware/parameters'
import { secret, secrets as vault } from '@fnware/secrets'
import { tracer as tracing } from '@fnware/tracer'
import * as z from 'zod'
import { type DatabaseSecret, iam } from '@fnware/rds'
import { mysql } from '@fnware/rds/mysql'
import { postgres as database } from '@fnware/rds/postgres'
import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'
import { auth, base, child, measuring, noting, logger, orders, postgres, queue, secrets, tracer } from './kit.ts'

const Order = z.object({ id: z.string(), quantity: z.int() })
const Problem = z.object({ title: z.string() })

// resources
lambda().use(orders()) // ⛔ this resource needs `db`: .use() what provides it, earlier in the chain
lambda().use((_, next) => next({ db: 1 })).use(orders()) // ⛔ this resource needs `db`: .use() what provides it
lambda().use(resource('db', { init: () => 1 })).use(orders()) // ⛔ this resource needs `db` with another type
lambda().use(postgres({ credentials: ({ secrets }) => secrets.a })) // ⛔ Property 'secrets' does not exist on type '{}'
lambda().use(secrets({ a: 'x' })).use(postgres({ credentials: ({ secrets }) => secrets.b })) // ⛔ Property 'b' does not exist
lambda().use(secrets({ a: 'x' })).use(secrets({ b: 'x' })) // ⛔ `secrets` is already on the context: give this resource another key
lambda().use((_, next) => next({ db: 1 })).use(resource('db', { init: () => 1 })) // ⛔ `db` is already on the context
lambda().use(resource('signal', { init: () => 1 })) // ⛔ `signal` is already on the context
lambda().use(tracer()).use(resource('x', { needs: ['span'], init: () => 1 })) // ⛔ Type 'string' is not assignable to type 'never'
lambda().use(secrets({ a: 'x' })).use(resource('x', { needs: ['secretz'], init: () => 1 })) // ⛔ Type '"secretz"' is not assignable to type '"secrets"'
lambda().use(secrets({ a: 'x' })).use(resource('x', { init: ({ secrets }) => secrets })) // ⛔ Property 'secrets' does not exist on type 'Pick<
resource('x', { init: ({ secrets }: { secrets: string }) => secrets }) // ⛔ Property 'needs' is missing
lambda().use(orders) // ⛔ call it: .use(name()) rather than .use(name)
// middlewares
lambda().use(async ({ event }) => { console.log(event) }) // ⛔ a middleware must return next(), or a reply of its source
lambda().use(logger) // ⛔ call it: .use(name()) rather than .use(name)
lambda().use(child()) // ⛔ this middleware needs `logger`: .use() what provides it, earlier in the chain
lambda().use(logger()).use((_, next) => next({ logger: 'x' })) // ⛔ `logger` is already on the context: only a value that extends it may replace it
lambda().use(logger()).use(child()).use(logger()) // ⛔ `logger` is already on the context: only a value that extends it may replace it
lambda().use((_, next) => next({ event: 1 })) // ⛔ `event` is already on the context
lambda().use(auth({ key: () => 'x' })) // ⛔ this middleware needs `request`
lambda(http()).use(auth({ key: ({ secrets }) => secrets })) // ⛔ Property 'secrets' does not exist
lambda<unknown, { ok: boolean }>().use(async ({ event }, next) => event ? { ok: 'x' } : next()) // ⛔ this middleware answers with what this source cannot reply
lambda(http()).use(async ({ request }, next) => request.path ? { statusCode: 401 } : next()) // ⛔ this middleware answers with what this source cannot reply
lambda().use(async ({ event }, next) => event ? next({ user: 1 }) : next()).handle(({ user }) => user) // ⛔ Property 'user' does not exist
lambda().use(stack<{ user: string }>()) // ⛔ this stack needs `user`
lambda().use((_, next) => next({ db: 1 })).use(base) // ⛔ this stack and the chain before it both have `db`
lambda().use(stack<{}, { db: number }>()) // ⛔ this stack needs `db`
base.handle // ⛔ Property 'handle' does not exist
// configuration
lambda().use(env(z.object({ PORT: z.number(), HOST: z.string() }))) // ⛔ environment variables are text: `PORT` must be made of a string, such as by z.coerce or a pipe
lambda().use(env(z.string())) // ⛔ env() takes the schema of an object: its keys are the variables
lambda().use(env(z.object({ PORT: z.coerce.number(), HOST: z.string() }))).handle(({ env }) => env.HOTS) // ⛔ Property 'HOTS' does not exist
lambda().use(env(z.object({ HOST: z.string() }), { decrypt: kms(['HOTS']) })) // ⛔ Type '"HOTS"' is not assignable to type '"HOST"'
lambda().use(parameters({ url: parameter('/app/url') })).handle(({ parameters }) => parameters.ulr) // ⛔ Property 'ulr' does not exist
lambda().use(parameters({ order: parameter('/app/order', Order) })).handle(({ parameters }) => parameters.order.sku) // ⛔ Property 'sku' does not exist
lambda().use(parameters({ order: parameter('/app/order', Order, { lazy: true }) })).handle(({ parameters }) => parameters.order.id) // ⛔ Property 'id' does not exist on type '() => Promise<
lambda().use(parameters({ order: parameter('/app/order', Order, { lasy: true }) })) // ⛔ 'lasy' does not exist in type 'ParameterOptions<
lambda().use(parameters({ db: path('/app/db/') })) // ⛔ Expected 2-3 arguments, but got 1
lambda().use(parameters({ url: '/app/url' })) // ⛔ Type 'string' is not assignable to type 'Parameter<unknown>'
lambda().use(parameters({ url: parameter('/app/url') }, { tll: 5 })) // ⛔ 'tll' does not exist in type 'ParametersOptions
lambda().use(parameters({ url: parameter('/app/url', { format: 'yaml' }) })) // ⛔ Type '"yaml"' is not assignable to type 'Format
lambda().use(parameters({ url: parameter('/app/url') })).use(postgres({ credentials: ({ parameters }) => parameters.password })) // ⛔ Property 'password' does not exist
lambda().use(logs({ level: ({ parameters }) => parameters.logLevel })) // ⛔ Property 'parameters' does not exist on type
lambda().use(logs<{ parameters: { logLevel: string } }>({ level: ({ parameters }) => parameters.logLevel })) // ⛔ this middleware needs `parameters`: .use() what provides it, earlier in the chain
lambda().use(logs<{ parameters: { logLevel: string } }>({ level: ({ parameters }) => parameters.logLevel })).use(parameters({ logLevel: parameter('/app/log-level') })) // ⛔ this middleware needs `parameters`: .use() what provides it, earlier in the chain
lambda().use(parameters({ logLevel: parameter('/app/log-level') })).use(logs({ level: ({ parameters }) => parameters.loglevel })) // ⛔ Property 'loglevel' does not exist on type
lambda().use(parameters({ logLevel: parameter('/app/log-level', z.object({ of: z.string() })) })).use(logs({ level: ({ parameters }) => parameters.logLevel })) // ⛔ Type '{ of: string; }' is not assignable to type 'string'
lambda().use(logs({ level: 'inof' })) // ⛔ Type '"inof"' is not assignable to type
lambda().use(logs({ buffer: { maxByte: 5 } })) // ⛔ 'maxByte' does not exist in type 'BufferOptions'
lambda().use(logs) // ⛔ call it: .use(name()) rather than .use(name)
lambda().use(database({ credentials: ({ secrets }) => secrets.database })) // ⛔ Property 'secrets' does not exist on type '{}'
lambda().use(database<{ secrets: { database: DatabaseSecret } }>({ credentials: ({ secrets }) => secrets.database })) // ⛔ this resource needs `secrets`: .use() what provides it, earlier in the chain
lambda().use(secrets({ database: 'prod/db' })).use(database({ credentials: ({ secrets }) => secrets.datbase })) // ⛔ Property 'datbase' does not exist
lambda().use(secrets({ database: 'prod/db' })).use(database({ credentials: ({ secrets }) => secrets.database })) // ⛔ Type 'string' is not assignable to type 'DatabaseSecret
lambda().use(database({ credentials: iam({ usr: 'app' }) })) // ⛔ 'usr' does not exist in type 'IamOptions'
lambda().use(database({ credentials: iam({ user: 'app' }), tls: true })) // ⛔ Type 'true' is not assignable to type 'Tls'
lambda().use(database({ credentials: iam({ user: 'app' }), pinning: 'never' })) // ⛔ Type '"never"' is not assignable to type 'PinningMode'
lambda().use(database({ credentials: iam({ user: 'app' }) })).handle(({ db }) => db.transaction((tx) => tx.query('select 1'), { isolation: 'snapshot' })) // ⛔ Type '"snapshot"' is not assignable to type 'Isolation
lambda().use(database({ credentials: iam({ user: 'app' }) })).handle(async ({ db }) => (await db.query<{ id: number }>('select 1')).rows[0]?.ids) // ⛔ Property 'ids' does not exist on type '{ id: number; }'
lambda().use(database({ key: 'orders', credentials: iam({ user: 'app' }) })).handle(({ db }) => db) // ⛔ Property 'db' does not exist
lambda().use(mysql({ credentials: ({ secrets }) => secrets.database })) // ⛔ Property 'secrets' does not exist on type '{}'
lambda().use(secrets({ database: 'prod/db' })).use(mysql({ credentials: ({ secrets }) => secrets.datbase })) // ⛔ Property 'datbase' does not exist
lambda().use(mysql({ credentials: iam({ user: 'app' }), driver: { multipleStatements: true } })) // ⛔ 'multipleStatements' does not exist in type
lambda().use(mysql({ credentials: iam({ user: 'app' }) })).handle(({ db }) => db.query<{ id: number }[]>('select 1')) // ⛔ Type '{ id: number; }[]' does not satisfy the constraint 'QueryResult'
lambda().use(mysql) // ⛔ call it: .use(name()) rather than .use(name)
lambda().use(database) // ⛔ call it: .use(name()) rather than .use(name)
lambda().use(env) // ⛔ call it: .use(name()) rather than .use(name)
// handlers
lambda().handle(({ db }) => db) // ⛔ Property 'db' does not exist
lambda().handle((ctx) => ({ ...ctx }).signal) // ⛔ Property 'signal' does not exist
lambda().input({ parse: () => 1 }) // ⛔ 'parse' does not exist in type 'StandardSchemaV1
lambda().output(Order).handle(() => ({ id: 1, quantity: 1 })) // ⛔ Type 'number' is not assignable to type 'string'
lambda().use(resource('a', { init: () => 1 })).handle(() => 1).with({ db: 1 }) // ⛔ 'db' does not exist
// routes
lambda(http()).routes((r) => r.get('/a/{id}', ({ params }) => params.ids)) // ⛔ Property 'ids' does not exist
lambda(http()).routes((r) => r.get('a', () => 1)) // ⛔ not assignable to parameter of type '`/${string}`'
lambda(http()).routes((r) => r.get('/a/{id}', { params: z.object({ order: z.string() }) }, () => 1)) // ⛔ the path /a/{id} has no {order}
lambda(http()).routes((r) => r.get('/a/{id}', { response: { 200: Order } }, ({ params }) => ({ id: params.id, quantity: '1' }))) // ⛔ Type 'string' is not assignable to type 'number'
lambda(http()).routes((r) => r.get('/a/{id}', { response: { 200: Order, 404: Problem } }, () => reply(403, { title: '' }))) // ⛔ Type '403' is not assignable
lambda(http()).routes((r) => r.post('/a', { body: Order }, ({ body }) => body.ids)) // ⛔ Property 'ids' does not exist
// sources
lambda(http()).each(() => 1) // ⛔ Property 'each' does not exist
lambda(queue()).routes(() => 1) // ⛔ Property 'routes' does not exist
lambda(queue()).handle(() => 1) // ⛔ Property 'handle' does not exist
lambda(queue()).each(({ input }) => input) // ⛔ Property 'input' does not exist
lambda(queue()).use(async (_, next) => (Date.now() ? [] : next())) // ⛔ this middleware answers with what this source cannot reply
lambda(queue()).each(async () => {}, () => {}) // ⛔ .each() takes middlewares that return next(), then a function
lambda(queue()).input(Order).each(({ input }) => input.sku) // ⛔ Property 'sku' does not exist
lambda(queue()).each(() => {}, { concurency: 2 }) // ⛔ .each() takes middlewares that return next(), then a function, then { concurrency }
// what a chain is begun with
lambda(http) // ⛔ Argument of type
lambda(http(), { deadlin: 5 }) // ⛔ 'deadlin' does not exist in type 'Options'
http({ trustedHop: 1 }) // ⛔ 'trustedHop' does not exist in type 'HttpOptions'
lambda().use(stack().use((_, next) => next({ a: 1 }))).handle(({ b }) => b) // ⛔ Property 'b' does not exist
lambda().handle(({ defer }) => defer(5)) // ⛔ not assignable to parameter of type 'Deferred'
// secrets
lambda().use(vault({ database: secret('x', Order) })).handle(({ secrets }) => secrets.databse) // ⛔ Did you mean 'database'?
lambda().use(vault({ database: secret('x', Order) })).handle(({ secrets }) => secrets.database.idd) // ⛔ Property 'idd' does not exist on type '{ id: string; quantity: number; }'
lambda().use(vault({ text: secret('x') })).handle(({ secrets }) => secrets.text.id) // ⛔ Property 'id' does not exist on type 'string'
lambda().use(vault({ key: secret('x', { format: 'binary' }) })).handle(({ secrets }) => secrets.key.trim()) // ⛔ Property 'trim' does not exist on type 'Uint8Array
lambda().use(vault({ rare: secret('x', Order, { lazy: true }) })).handle(({ secrets }) => secrets.rare.id) // ⛔ Property 'id' does not exist on type '() => Promise<
lambda().use(vault({ a: secret('x') })).use(vault({ b: secret('y') })) // ⛔ `secrets` is already on the context: give this resource another key
lambda().use(vault({ a: secret('x') }, { key: 'signal' })) // ⛔ `signal` is already on the context
lambda().use(vault({ a: secret('x') })).use(postgres({ credentials: ({ secrets }) => secrets.b })) // ⛔ Property 'b' does not exist on type 'Values<{ a: Secret<string>; }>'
lambda().use(vault({ a: secret('x') })).handle(({ secrets }) => { secrets.a = 'y' }) // ⛔ Cannot assign to 'a' because it is a read-only property
vault({ a: 'prod/db' }) // ⛔ Type 'string' is not assignable to type 'Secret<unknown>'
vault({ a: secret('x') }, { tll: 5 }) // ⛔ 'tll' does not exist in type 'SecretsOptions
secret('x', Order, { stge: 'AWSPREVIOUS' }) // ⛔ 'stge' does not exist in type 'SecretOptions
secret('x', { lasy: true }) // ⛔ 'lasy' does not exist in type 'SecretOptions
secret('x', { format: 'jsn' }) // ⛔ Type '"jsn"' is not assignable to type 'Format | undefined'. Did you mean '"json"'?
secret('x', { parse: () => 1 }) // ⛔ 'parse' does not exist in type 'SecretOptions
secret(process.env.SECRET) // ⛔ 'undefined' is not assignable to
// traces
lambda().use(tracing<{ sku: string }>()).handle(({ tracer }) => tracer.annotate('skv', 'x')) // ⛔ Argument of type '"skv"' is not assignable to parameter of type '"sku"'
lambda().use(tracing<{ sku: string }>()).handle(({ tracer }) => tracer.annotate('sku', 5)) // ⛔ Argument of type 'number' is not assignable to parameter of type 'string'
lambda().use(tracing<{ sku: string }>()).handle(({ tracer }) => tracer.span('x', (span) => span.annotate('skv', 'x'))) // ⛔ Argument of type '"skv"' is not assignable to parameter of type '"sku"'
lambda().use(tracing<{ sku: string }>()).handle(({ tracer }) => tracer.span('x', () => 1, { annotations: { skv: 'x' } })) // ⛔ 'skv' does not exist in type '{ readonly sku?: string
lambda().use(tracing<{ order: object }>()) // ⛔ Type 'object' is not assignable to type 'Annotation'
lambda().use(tracing()).handle(({ tracer }) => tracer.annotate('sku', { id: 1 })) // ⛔ is not assignable to parameter of type 'Annotation'
lambda().use(tracing({ sevice: 'x' })) // ⛔ 'sevice' does not exist in type 'TracerOptions'
lambda().use(tracing({ load: 'INIT' })) // ⛔ Did you mean '"init"'?
lambda().use(tracing({ engine: new PowertoolsMetrics() })) // ⛔ is missing the following properties from type 'Engine'
lambda().use(noting()) // ⛔ this middleware needs `tracer`: .use() what provides it, earlier in the chain
lambda().use(tracing<{ color: string }>()).use(noting()) // ⛔ this middleware needs `tracer` with another type
lambda().use(tracing<{ sku: number }>()).use(noting()) // ⛔ this middleware needs `tracer` with another type
lambda().use(tracing) // ⛔ call it: .use(name()) rather than .use(name)
// metrics
lambda().use(metrics({ metrics: { placed: 'Count' } })).handle(({ metrics }) => metrics.add('plased', 1)) // ⛔ Argument of type '"plased"' is not assignable to parameter of type '"placed"'
lambda().use(metrics({ metrics: { placed: 'Count' } })).handle(({ metrics }) => metrics.add('placed', '1')) // ⛔ Argument of type 'string' is not assignable to parameter of type 'number'
lambda().use(metrics({ metrics: { placed: 'Count' }, dimensions: ['tenant'] })).handle(({ metrics }) => metrics.dimensions({ tennant: 'a' })) // ⛔ 'tennant' does not exist in type 'DimensionValues<"tenant">'. Did you mean to write 'tenant'?
lambda().use(metrics({ metrics: { placed: 'Count' }, dimensions: ['tenant'] })).handle(({ metrics }) => metrics.dimensions({ tenant: 5 })) // ⛔ Type 'number' is not assignable to type 'string'
lambda().use(metrics({ metrics: { placed: 'Count' }, dimensions: ['tenant'] })).handle(({ metrics }) => metrics.with({ tenant: 'a' }).add('plased', 1)) // ⛔ Argument of type '"plased"' is not assignable to parameter of type '"placed"'
lambda().use(metrics({ metrics: { placed: 'Count' } })).handle(({ metrics }) => metrics.dimensions({ tenant: 'a' })) // ⛔ 'tenant' does not exist in type 'DimensionValues<never>'
lambda().use(metrics({ metrics: { placed: 'Count' } })).handle(({ metrics }) => metrics.with({ tenant: 'a' })) // ⛔ 'tenant' does not exist in type 'DimensionValues<never>'
lambda().use(metrics({ metrics: { placed: 'Counts' } })) // ⛔ Did you mean '"Count"'?
lambda().use(metrics({ metrics: { size: { unit: 'Bytes', resolution: 'fine' } } })) // ⛔ Type '"fine"' is not assignable to type '"high" | "standard" | undefined'
lambda().use(metrics({ metrics: { placed: 'Count' }, namespase: 'shop' })) // ⛔ Did you mean to write 'namespace'?
lambda().use(metrics({ namespace: 'shop' })) // ⛔ Property 'metrics' is missing
lambda().use(metrics(new PowertoolsMetrics())) // ⛔ Property 'metrics' is missing
lambda().use(metrics(new PowertoolsMetrics(), { metrics: { placed: 'Count' }, namespace: 'shop' })) // ⛔ 'namespace' does not exist in type 'CommonOptions<"placed", never>'
lambda().use(measuring()) // ⛔ this middleware needs `metrics`: .use() what provides it, earlier in the chain
lambda().use(metrics({ metrics: { refunded: 'Count' }, dimensions: ['tenant'] })).use(measuring()) // ⛔ this middleware needs `metrics` with another type
lambda().use(metrics({ metrics: { placed: 'Count' } })).use(measuring()) // ⛔ this middleware needs `metrics` with another type
lambda().use(metrics) // ⛔ call it: .use(name()) rather than .use(name)

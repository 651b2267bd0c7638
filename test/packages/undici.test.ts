import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localLambda } from '@fnware/local'
import { httpApiEvent } from '@fnware/testing'
import { build } from 'esbuild'
import { type Aws, startAws } from 'test-aws'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

const http = `
  import { HttpError, lambda } from '@fnware/core'
  import { http, reply } from '@fnware/http'`

interface Case {
  /** Makes `fn`. */
  readonly code: string
  /** What it is invoked with, and what of the answer tells that all went its way. */
  readonly invocations: readonly (readonly [event: unknown, answer: unknown])[]
}
const get = (path: string) => httpApiEvent({ path })
const post = (body: unknown, headers = {}) => httpApiEvent({ body, headers })
const status = (statusCode: number) => expect.objectContaining({ statusCode })

const functions: Readonly<Record<string, Case>> = {
  'lambda()': {
    code: `
      import { fresh, lambda, live, resource } from '@fnware/core'
      const token = resource('token', { init: async (_, { keep }) => live({ it: await keep(fresh(async () => 't')) }) })
      const fn = lambda().use(token).handle(({ token, signal }) => [token.it, signal.aborted])`,
    invocations: [[{ a: 1 }, ['t', false]]],
  },
  'lambda(http()).handle()': {
    code: `${http}
      import * as z from 'zod'
      const fn = lambda(http()).input(z.object({ a: z.string() }))
        .handle(({ input, request, response, signal }) => {
          response.headers.set('x-path', request.path + request.headers.host + signal.aborted)
          return reply(201, [input, request.query, request.cookies], { location: '/1' })
        })`,
    invocations: [
      [post({ a: 'x' }, { cookie: 'c=1' }), status(201)],
      [post(new URLSearchParams({ a: 'x' })), status(201)],
      [post({ b: 'x' }), status(400)],
      [post('{', { 'content-type': 'application/json' }), status(400)],
    ],
  },
  'a deadline': {
    code: `${http}
      const fn = lambda(http({ integrationTimeout: 100 })).handle(() => new Promise(() => {}))`,
    invocations: [[get('/'), status(504)]],
  },
  'a batch': {
    code: `
      import { lambda } from '@fnware/core'
      import { batch } from '@fnware/core/extend'
      const queue = batch({
        name: 'queue', records: (event) => event, id: (record) => record, open: (record) => ({ record }),
        payload: ({ record }) => record, answer: ({ undone }) => undone,
      })
      const fn = lambda(queue).each(({ record }) => { if (record === 'bad') throw new Error(record) })`,
    invocations: [[['good', 'bad'], ['bad']]],
  },
  'secrets by https(), by the extension, and lazy ones': {
    code: `
      import { awsCalls } from '@fnware/aws'
      import { lambda, renew } from '@fnware/core'
      import { extension, secret, secrets } from '@fnware/secrets'
      import * as z from 'zod'
      const service = { name: 'kms', target: 'TrentService', id: 'KMS' }
      const overTls = awsCalls(service, { endpoint: 'https://127.0.0.1:1', attempts: 1 })
      const Database = z.object({ password: z.string() })
      const fn = lambda()
        .use(secrets({ database: secret('prod/db', Database), rare: secret('prod/db', { lazy: true, stage: 'AWSCURRENT' }) }))
        .use(secrets({ it: secret('prod/db', Database) }, { key: 'others', transport: extension() }))
        .handle(async ({ secrets, others }) => {
          const { password } = await renew(() => secrets.database)
          return [password, others.it.password, await secrets.rare(), await overTls('Decrypt', {}).catch(({ code }) => code)]
        })`,
    invocations: [[{}, ['hunter2', 'hunter2', '{"password":"hunter2"}', 'NetworkError']]],
  },
  'lambda(http()).routes() with a logger': {
    code: `${http}
      import { logger } from '@fnware/logger'
      const fn = lambda(http()).use(logger()).routes((r) => {
        r.get('/orders/{id}', ({ params, logger }) => {
          logger.info('found', params)
          return params
        })
        r.get('/teapot', () => { throw new HttpError(418) })
        r.get('/broken', () => { throw new Error('broken') })
        r.get('/bytes', () => new Uint8Array([1, 2, 3]))
      })`,
    invocations: [
      [get('/orders/1'), status(200)],
      [get('/teapot'), status(418)],
      [get('/broken'), status(500)],
      [get('/bytes'), status(200)],
      [get('/nowhere'), status(404)],
      [httpApiEvent({ method: 'PUT', path: '/orders/1' }), status(405)],
    ],
  },
}

let aws: Aws
beforeAll(async () => {
  aws = await startAws()
  aws.secrets.create('prod/db', { password: 'hunter2' })
})
afterAll(() => aws.close())

/** What of undici a function has loaded in its own process, when it has answered these events. */
const undiciIn = async (
  code: string,
  events: readonly unknown[],
): Promise<{ loaded: string[]; answers: unknown[] }> => {
  const root = await mkdtemp(join(tmpdir(), 'fnware-undici-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const environment = { ...aws.environment, PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(aws.extension.port) }
  const wrapped = `
    Object.assign(process.env, ${JSON.stringify(environment)})
    ${code}
    export const handler = async (event, context) => event === 'loaded'
      ? process.moduleLoadList.filter((name) => name.includes('undici')) : fn(event, context)`
  await build({
    stdin: { contents: wrapped, resolveDir: import.meta.dirname, sourcefile: 'index.ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: join(root, 'index.mjs'),
    logLevel: 'silent',
  })
  await using lambda = localLambda({
    functions: { fn: { code: root, handler: 'index.handler', timeout: 30 } },
    port: 0,
  })
  const invoke = async (event: unknown) => {
    const { payload, functionError } = await lambda.invoke('fn', event)
    expect(functionError, payload).toBeUndefined()
    return JSON.parse(payload)
  }
  const answers: unknown[] = []
  for (const event of events) answers.push(await invoke(event))
  return { answers, loaded: await invoke('loaded') }
}

test.each(Object.entries(functions))('%s answers without undici', async (_, { code, invocations }) => {
  const { answers, loaded } = await undiciIn(
    code,
    invocations.map(([event]) => event),
  )
  expect(answers).toEqual(invocations.map(([, answer]) => answer))
  expect(loaded).toEqual([])
})

test.each([
  ['that names Response', `${http}\nconst fn = lambda(http()).handle(() => typeof Response)`],
  ['that answers with one', `${http}\nconst fn = lambda(http()).handle(() => new Response('x'))`],
  ['that imports node:http', `import { STATUS_CODES } from 'node:http'\nconst fn = async () => STATUS_CODES[200]`],
])('of a function %s it is seen', async (_, code) => {
  const { loaded } = await undiciIn(code, [get('/')])
  expect(loaded).toContain('NativeModule internal/deps/undici/undici')
})

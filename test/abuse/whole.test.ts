import { type Context, fresh, HttpError, lambda, live, renew, resource } from '@fnware/core'
import { type HttpEvent, http, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import {
  albEvent,
  functionUrlEvent,
  httpApiEvent,
  interleave,
  type Logs,
  readAnswer,
  restApiEvent,
  yielding,
  yields,
} from '@fnware/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

/** A client of a database, whose connections belong to one invocation at a time. */
class Pool {
  readonly #free: { owner: string | undefined }[] = Array.from({ length: 24 }, () => ({ owner: undefined }))
  readonly #waiting: (() => void)[] = []
  async connect(owner: string) {
    while (this.#free.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const connection = this.#free.pop() as { owner: string | undefined }
    if (connection.owner !== undefined) throw new Error(`a connection of ${connection.owner} was given to ${owner}`)
    connection.owner = owner
    return {
      query: async (text: string) => {
        await yields()
        return [{ text, owner: connection.owner }]
      },
      release: () => {
        connection.owner = undefined
        this.#free.push(connection)
        this.#waiting.shift()?.()
      },
    }
  }
}

const handler = lambda(http(), { deadline: 200, grace: 60 })
  .use(logger({ service: 'orders' }))
  .use(yielding(1))
  .use(
    resource('secrets', {
      init: async (_: {}, { keep }) =>
        live({ token: await keep(fresh(async () => ({ of: 'nobody' }), { ttl: 20, timeout: 1000 })) }),
    }),
  )
  .use(
    resource('pool', {
      needs: ['secrets'],
      init: async ({ secrets }: { secrets: { token: object } }) => {
        await yields()
        return secrets.token ? new Pool() : undefined
      },
    }),
  )
  .use(async ({ request, response, logger }, next) => {
    const user = request.headers.authorization?.replace('Bearer ', '')
    response.headers.set('x-user', user ?? 'nobody')
    await yields()
    if (!user) return reply(401, { mark: request.query.mark }, { 'www-authenticate': 'Bearer' })
    logger.appendKeys({ user })
    return next({ user })
  })
  .use(async (ctx, next) => {
    const connection = await (ctx.pool as Pool).connect(ctx.user)
    ctx.defer(async ({ outcome }) => {
      await yields()
      ctx.logger.info('flushed', { after: outcome })
    })
    return next({ connection }, (error) => {
      connection.release()
      ctx.logger.info(error ? 'rolled back' : 'committed')
    })
  })
  .use(yielding(2))
  .routes((r) => {
    const Order = z.object({ sku: z.string(), quantity: z.int() })
    r.post('/orders/{id}', { params: z.object({ id: z.string() }), body: Order }, async (ctx) => {
      await renew(() => ctx.secrets.token)
      const [row] = await ctx.connection.query(ctx.body.sku)
      ctx.logger.info('placed', { sku: ctx.body.sku })
      ctx.response.headers.append('set-cookie', `last=${ctx.params.id}`)
      return reply(201, { ...row, id: ctx.params.id, user: ctx.user }, { location: `/orders/${ctx.params.id}` })
    })
    r.get('/fails/{id}', async ({ connection, params }) => {
      throw new Error(`lost ${(await connection.query(params.id))[0]?.owner}`)
    })
    r.get('/taken/{id}', async ({ connection, params }) => {
      throw new HttpError(409, `taken by ${(await connection.query(params.id))[0]?.owner}`)
    })
    r.get('/hangs/{id}', async ({ connection, params, signal }) => {
      await connection.query(params.id)
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        if (signal.aborted) reject(signal.reason)
      })
    })
    r.get('/deaf/{id}', async ({ connection, params }) => {
      await connection.query(params.id)
      await new Promise(() => {})
    })
  })

const kinds = ['orders', 'fails', 'orders', 'taken', 'hangs', 'unfit', 'stranger', 'deaf', 'nothing', 'broken'] as const
type Kind = (typeof kinds)[number]
const statuses: Record<Kind, number> = {
  ...{
    orders: 201,
    fails: 500,
    taken: 409,
    hangs: 504,
    unfit: 400,
    stranger: 401,
    deaf: 504,
    nothing: 404,
    broken: 400,
  },
}
const builders = [
  httpApiEvent,
  functionUrlEvent,
  restApiEvent,
  albEvent,
  (it: object) => albEvent({ ...it, multiValue: true }),
] as const
const known = new Map<HttpEvent, { readonly mark: string; readonly kind: Kind }>()

const event = (mark: string, i: number): HttpEvent => {
  const kind = kinds[i % kinds.length] as Kind
  const posts = ['orders', 'unfit', 'broken', 'stranger'].includes(kind)
  const made = (builders[i % builders.length] as typeof httpApiEvent)({
    path: `/${posts ? 'orders' : kind}/${mark}`,
    query: { mark },
    headers: {
      'x-correlation-id': mark,
      ...(kind !== 'stranger' && { authorization: `Bearer ${mark}` }),
      ...(kind === 'broken' && { 'content-type': 'application/json' }),
    },
    ...(posts && { body: kind === 'broken' ? `{"${mark}` : { sku: mark, quantity: kind === 'unfit' ? mark : 1 } }),
  })
  known.set(made as HttpEvent, { mark, kind })
  return made as HttpEvent
}
/** Those that hang have little time. */
const run = (event: HttpEvent, context: Context) => {
  const end = Date.now() + 1500
  const { kind } = known.get(event) as { kind: Kind }
  return kind === 'hangs' || kind === 'deaf'
    ? handler(event, { ...context, getRemainingTimeInMillis: () => end - Date.now() })
    : handler(event, context)
}

test('64 requests at once through the whole of a function see nothing of one another', async () => {
  for (let round = 0; round < 2; round++)
    await interleave(run, event, {
      check: (result, event, { awsRequestId }, { json, text }: Logs) => {
        const { mark, kind } = known.get(event) as { mark: string; kind: Kind }
        const { status, headers, cookies, body } = readAnswer(result)
        expect([kind, status]).toEqual([kind, statuses[kind]])
        expect(headers['x-user']).toBe(kind === 'stranger' ? 'nobody' : mark)
        const said = JSON.parse(body) as Record<string, unknown>
        if (kind === 'orders') {
          expect(said).toEqual({ text: mark, owner: mark, id: mark, user: mark })
          expect([headers.location, cookies]).toEqual([`/orders/${mark}`, [`last=${mark}`]])
        } else {
          expect(cookies).toEqual([])
          if (kind === 'stranger') expect(said).toEqual({ mark })
          else expect(said).toMatchObject({ status, requestId: awsRequestId })
          if (kind === 'taken') expect(said.detail).toBe(`taken by ${mark}`)
          if (kind === 'unfit') expect(said.errors).toMatchObject([{ in: 'body', pointer: '#/quantity' }])
        }

        expect(json).toHaveLength(text.length)
        for (const line of json)
          expect(line).toMatchObject({ function_request_id: awsRequestId, correlation_id: mark, service: 'orders' })
        const messages = json.map(({ message }) => message)
        const ended = json.filter(({ duration_ms }) => duration_ms !== undefined)
        expect(ended).toMatchObject([{ status, ...(kind !== 'stranger' && { user: mark }) }])
        if (kind === 'stranger') return
        expect(messages.filter((it) => it === 'committed' || it === 'rolled back')).toEqual([
          kind === 'orders' ? 'committed' : 'rolled back',
        ])
        // There may be no time for it after a deadline.
        if (status !== 504) expect(messages).toContain('flushed')
        const errors = json.filter(({ level }) => level === 'ERROR' && level).map(({ message }) => message)
        expect(errors.filter((it) => /^the invocation/.test(String(it)))).toEqual(
          kind === 'fails' ? ['the invocation failed'] : status === 504 ? ['the invocation timed out'] : [],
        )
      },
    })
})

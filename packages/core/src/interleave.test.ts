import { fakeContext, interleave, type Logs, yielding, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import { batch, reportTo, verbs } from './extend.ts'
import {
  fresh,
  HttpError,
  type Invocation,
  lambda,
  live,
  type Middleware,
  renew,
  resource,
  type Source,
} from './index.ts'

/** How an invocation ends. */
type Way = 'returns' | 'fails' | 'replies' | 'hangs' | 'deaf' | 'drops' | 'says nothing' | 'forgets'
const ways: readonly Way[] = [
  'returns',
  'fails',
  'replies',
  'says nothing',
  'hangs',
  'deaf',
  'returns',
  'drops',
  'forgets',
]

interface Event {
  readonly mark: string
  readonly way: Way
}
interface Wire {
  readonly event: Event
  readonly output: unknown
  readonly early: unknown
  readonly result: unknown
  readonly verbs: object
}
const event = (mark: string, i: number): Event => ({ mark, way: ways[i % ways.length] as Way })

/** A source that answers everything with what its context then holds. */
const source: Source<Wire, { readonly own: { readonly mark: string } }> = {
  name: 'marked',
  limit: ({ event }: Invocation<Event>) => (['hangs', 'deaf'].includes(event.way) ? 200 : Infinity),
  open: ({ mark }) => ({ own: { mark } }),
  payload: (ctx: Invocation<Event>) => [ctx.event.mark, 'mark'],
  answer: (value, { own, event }: { own: object; event: Event }) => ({ value, own, event }),
  fail: (error, { own, event }: { own: object; event: Event }) => ({
    error: error.name,
    says: error.message,
    own,
    event,
  }),
  describe: ({ own }: { own: object }) => ({ own }),
  verbs,
}

const plain = () => lambda<Event, unknown>()
const begun = lambda(source as never) as unknown as ReturnType<typeof plain>

/** Adds its mark under a key, and writes down how it is passed, both ways, in the invocation's own log. */
const passing = (name: string): Middleware =>
  (async (ctx: Invocation<Event>, next) => {
    const { mark } = ctx.event
    const say = (what: string) => console.log(`${what} ${name} of ${mark}`)
    say('in')
    await yields()
    ctx.defer(async ({ outcome }) => {
      await yields()
      say(`deferred after ${outcome} by`)
    })
    try {
      return await next({ [name]: mark }, (error) => say(`over${error ? ' with an error' : ''}`))
    } finally {
      await yields()
      say('out')
    }
  }) as Middleware

test('64 invocations keep contexts, errors, deadlines, overs and what is deferred to themselves', async () => {
  let current = 0
  let most = 0
  const handler = begun
    .use(resource('pool', { init: () => ({ connect: (mark: string) => yields().then(() => mark) }) }))
    .use(
      resource('secrets', {
        init: async (_: {}, { keep }) =>
          live({ token: await keep(fresh(async () => ({ at: Date.now() }), { ttl: 4 })) }),
      }),
    )
    .use(passing('a'))
    .use(yielding(1))
    .use((async (ctx: Invocation<Event>, next) => {
      const { way, mark } = ctx.event
      if (way === 'replies') return { early: mark } as never
      if (way === 'forgets') return undefined as never
      if (way === 'drops') {
        next().catch(() => {})
        await yields()
        return { early: mark } as never
      }
      reportTo(ctx, (level, message) => console.log(`${level}: ${message} of ${mark}`))
      return next()
    }) as Middleware)
    .use(passing('b'))
    .use(yielding(2))
    .handle(async (ctx) => {
      const { event, pool, secrets, signal, context, a, b } = ctx as typeof ctx & { a: string; b: string }
      most = Math.max(most, ++current)
      try {
        await yields()
        await renew(() => secrets.token)
        const mark = await pool.connect(event.mark)
        if (event.way === 'hangs')
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        if (event.way === 'deaf') await new Promise(() => {})
        if (event.way === 'fails') throw new HttpError(418, `no ${mark}`, { cause: new Error(mark) })
        await yields()
        if (event.way === 'says nothing') return undefined
        return { mark, a, b, id: context.awsRequestId, token: typeof secrets.token.at }
      } finally {
        current--
      }
    })

  await interleave(handler, event, {
    check: (result, { mark, way }, context, { text }: Logs) => {
      const answer = { own: { mark }, event: { mark, way } }
      const said = (outcome: string, end: string, ...names: string[]) => {
        for (const name of names) {
          const [entered, over, deferred] = [`in ${name}`, `over${end} ${name}`, `deferred after ${outcome} by ${name}`]
          expect(text).toEqual(expect.arrayContaining([`${entered} of ${mark}`, `${over} of ${mark}`]))
          // There may be no time for it after a deadline.
          if (outcome !== 'timeout') expect(text).toContain(`${deferred} of ${mark}`)
        }
        for (const line of text) expect(line.endsWith(`of ${mark}`)).toBe(true)
      }
      if (way === 'returns') {
        const value = { mark, a: mark, b: mark, id: context.awsRequestId, token: 'number' }
        expect(result).toEqual({ value, ...answer })
        said('success', '', 'a', 'b')
        // Last in, first out.
        expect(text.filter((line) => /^(over|out)/.test(line)).map((line) => line.slice(0, 6))).toEqual([
          'out b ',
          'out a ',
          'over b',
          'over a',
        ])
        expect(text.filter((line) => line.startsWith('deferred'))).toHaveLength(2)
      } else if (way === 'fails') {
        expect(result).toEqual({ error: 'HttpError', says: `no ${mark}`, ...answer })
        said('refused', ' with an error', 'a', 'b')
      } else if (way === 'hangs' || way === 'deaf') {
        expect(result).toMatchObject({ error: 'DeadlineError', ...answer })
        said('timeout', ' with an error', 'a', 'b')
      } else if (way === 'says nothing') expect(result).toEqual({ value: undefined, ...answer })
      else if (way === 'forgets')
        expect(result).toEqual({ error: 'TypeError', says: expect.stringContaining('neither next() nor'), ...answer })
      else expect(result).toEqual({ value: { early: mark }, ...answer })
    },
  })
  expect(most).toBeGreaterThan(10)
})

test('64 batches keep their records, what failed of them, and their errors to themselves', async () => {
  const queue = batch({
    name: 'queue',
    records: (event: { mark: string; size: number }) =>
      Array.from({ length: event.size }, (_, i) => ({ id: `${event.mark}/${i}`, fails: i % 3 === 1 })),
    id: ({ id }) => id,
    open: (record) => ({ record }),
    payload: ({ record }) => record,
    answer: ({ undone }) => undone.map(({ id }) => id),
  })
  const handler = lambda(queue)
    .use(passing('batch'))
    .each(
      (async ({ record }: { record: { id: string } }, next: (...args: unknown[]) => unknown) => {
        await yields()
        return next({ key: record.id }, () => console.log(`over ${record.id}`))
      }) as never,
      (async ({ record, key, event, context }: never) => {
        await yields()
        const { id, fails } = record as { id: string; fails: boolean }
        expect([key, (event as { mark: string }).mark]).toEqual([id, id.split('/')[0]])
        console.log(`handled ${id} for ${(context as { awsRequestId: string }).awsRequestId}`)
        if (fails) throw new Error(`no ${id}`)
      }) as never,
      { concurrency: 3 },
    )
  await interleave(handler, (mark, i) => ({ mark, size: 1 + (i % 7) }), {
    check: (failed, { mark, size }, { awsRequestId }, { text }) => {
      const ids = Array.from({ length: size }, (_, i) => `${mark}/${i}`)
      expect(failed).toEqual(ids.filter((_, i) => i % 3 === 1))
      for (const id of ids) {
        expect(text).toContain(`handled ${id} for ${awsRequestId}`)
        expect(text).toContain(`over ${id}`)
      }
      expect(text.filter((line) => line.startsWith(`${awsRequestId}: the record`))).toEqual(
        expect.arrayContaining((failed as string[]).map((id) => `${awsRequestId}: the record ${id} failed`)),
      )
    },
  })
})

test('the first 64 invocations share one INIT, and each the failure of its own attempt', async () => {
  let attempts = 0
  const handler = lambda<{ mark: string }, unknown>()
    .use(
      resource('db', {
        init: async () => {
          await yields()
          if (++attempts === 1) throw new Error('not yet')
          return { attempts }
        },
      }),
    )
    .handle(async ({ db, event }) => {
      await yields()
      return { ...db, mark: event.mark }
    })
  const first = await Promise.allSettled(
    Array.from({ length: 64 }, (_, i) => handler({ mark: `first-${i}` }, fakeContext())),
  )
  expect(new Set(first.map(({ status }) => status))).toEqual(new Set(['rejected']))
  const { results } = await interleave(handler, (mark) => ({ mark }))
  expect(new Set(results.map((it) => (it as { attempts: number }).attempts))).toEqual(new Set([2]))
  await handler.dispose()
})

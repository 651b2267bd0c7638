import { HttpError, type Invocation, lambda } from '@fnware/core'
import { interleave, yielding, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import { type Logger, logger } from './index.ts'

interface Event {
  readonly mark: string
  readonly way: 'returns' | 'throws' | 'defers'
  readonly requestContext: { readonly requestId: string }
  readonly headers: { readonly 'x-correlation-id': string }
}
const ways = ['returns', 'throws', 'defers'] as const
const event = (mark: string, i: number): Event => ({
  mark,
  way: ways[i % 3] as Event['way'],
  requestContext: { requestId: 'x' },
  headers: { 'x-correlation-id': mark },
})
type Line = Readonly<Record<string, unknown>>

const handler = lambda<Event, unknown>()
  .use(logger({ level: 'DEBUG', sampleRate: 0.5, redact: ['hidden'], keys: { all: { hidden: 'x' } } }))
  .use(yielding(1))
  .use((async ({ event, logger }: Invocation<Event> & { logger: Logger }, next: (adds: object) => unknown) => {
    logger.appendKeys({ appended: event.mark })
    await yields()
    const child = logger.child({ child: event.mark })
    child.appendKeys({ both: event.mark })
    await yields()
    logger.info('parent')
    return next({ logger: child.child({ grandchild: event.mark }), sibling: logger.child({ sibling: event.mark }) })
  }) as never)
  .use(yielding(2))
  .handle(async (ctx) => {
    const { event, logger, sibling, defer } = ctx as never as Invocation<Event> & { logger: Logger; sibling: Logger }
    const { mark, way } = event
    logger.info('handled', { extra: mark })
    await yields()
    sibling.debug('sibling', new Error(mark, { cause: new Error(`cause of ${mark}`) }))
    logger.appendKeys({ late: mark })
    await yields()
    logger.warn('late', { hidden: mark, list: [mark] })
    if (way === 'defers')
      defer.call(ctx, async () => {
        await yields()
        logger.info('deferred')
        throw new Error(`deferred by ${mark}`)
      })
    if (way === 'throws') throw new HttpError(500, `boom ${mark}`)
    await yields()
    return mark
  })

test('64 invocations keep keys, children, ids, errors and the line that ends them to themselves', async () => {
  await interleave((event: Event, context) => handler(event, context).catch((error: Error) => error.message), event, {
    check: (_, { mark, way }, { awsRequestId }, { json, text }) => {
      expect(json).toHaveLength(text.length)
      const line = (message: string | RegExp): Line => {
        const found = json.filter((it) =>
          typeof message === 'string' ? it.message === message : message.test(String(it.message)),
        )
        expect(found, `${message} among ${text.join('\n')}`).toHaveLength(1)
        return found[0] as Line
      }
      for (const it of json)
        expect(it).toMatchObject({
          ...{ function_request_id: awsRequestId, correlation_id: mark, all: { hidden: '[redacted]' } },
        })
      const own = { appended: mark }
      const grand = { ...own, child: mark, both: mark, grandchild: mark }
      const keys = (it: Line) =>
        Object.fromEntries(
          ['appended', 'child', 'both', 'grandchild', 'sibling', 'late', 'extra'].flatMap((key) =>
            key in it ? [[key, it[key]]] : [],
          ),
        )
      expect(keys(line('parent'))).toEqual(own)
      expect(keys(line('handled'))).toEqual({ ...grand, extra: mark })
      expect(keys(line('sibling'))).toEqual({ ...own, sibling: mark })
      expect(line('sibling').error).toMatchObject({ message: mark, cause: { message: `cause of ${mark}` } })
      expect(keys(line('late'))).toEqual({ ...grand, late: mark })
      expect(line('late')).toMatchObject({ hidden: '[redacted]', list: [mark] })
      if (way === 'defers') {
        expect(keys(line('deferred'))).toEqual({ ...grand, late: mark })
        expect(line('a deferred function failed').error).toMatchObject({ message: `deferred by ${mark}` })
      }
      if (way === 'throws') expect(line('the invocation failed').error).toMatchObject({ message: `boom ${mark}` })
      expect(keys(line(/^function (success|error)$/))).toEqual(own)
      expect(json.filter(({ duration_ms }) => duration_ms !== undefined)).toHaveLength(1)
      expect(json).toHaveLength(5 + (way === 'defers' ? 2 : way === 'throws' ? 1 : 0))
    },
  })
})

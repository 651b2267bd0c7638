import { setTimeout as wait } from 'node:timers/promises'
import { HttpError, InputError, lambda, resource } from '@fnware/core'

const until = (aborted: AbortSignal) => new Promise<void>((done) => aborted.addEventListener('abort', () => done()))

/** One case asks for it. */
const told = (text: string) => process.env.TELL && console.log(text)

const counter = resource('counter', {
  init: async () => {
    await wait(20)
    console.log('counter: made')
    return { n: 0 }
  },
  dispose: () => told('counter: disposed'),
})

const store = resource('store', {
  needs: ['counter'],
  init: ({ counter }: { counter: { n: number } }) => ({ next: () => ++counter.n }),
  dispose: () => told('store: disposed'),
})

interface Event {
  readonly does: string
  readonly ms?: number
}

/** Without a source: events and results as they are. */
export const handler = lambda<Event>()
  .use(({ context, event }, next) =>
    next({ id: context.awsRequestId }, (error) => console.log('over', event.does, error ? String(error) : '')),
  )
  .use(counter)
  .use(store)
  .handle(async (ctx) => {
    const { event, context, id, store, signal } = ctx
    if (event.does === 'throw') throw new TypeError('a fault')
    if (event.does === 'http-error') throw new HttpError(409, 'taken')
    if (event.does === 'invalid') throw new InputError([{ message: 'wrong', path: ['sku'] }])
    if (event.does === 'wait') {
      await wait(event.ms)
      return { waited: event.ms, same: id === context.awsRequestId }
    }
    if (event.does === 'signal') {
      await until(signal)
      return { aborted: signal.aborted, reason: String(signal.reason) }
    }
    if (event.does === 'defer') {
      ctx.defer(async () => {
        await wait(20)
        console.log('deferred')
      })
    }
    if (event.does === 'hang') await new Promise(() => {})
    return { same: id === context.awsRequestId, n: store.next(), tenant: context.tenantId }
  })

await handler.ready()

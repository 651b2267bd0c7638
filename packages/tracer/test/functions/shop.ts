import { HttpError, type Invocation, lambda } from '@fnware/core'
import { type Tracer, tracer } from '@fnware/tracer'

interface Event {
  readonly mark: string
  readonly way?: 'throws' | 'hangs'
}
type Ctx = Invocation<Event> & { readonly tracer: Tracer<{ mark: string }> }

const moment = (ms = Math.random() * 10) => new Promise((resolve) => setTimeout(resolve, ms))

export const handler = lambda<Event>()
  .use(tracer<{ mark: string }>())
  .handle(async ({ event: { mark, way }, tracer, context }: Ctx) => {
    await moment()
    tracer.annotate('mark', mark)
    await Promise.all(
      ['a', 'b'].map((name) =>
        tracer.span(`${name} ${mark}`, async () => {
          await moment()
          tracer.annotate('mark', mark)
          await tracer.span(`${name} inner ${mark}`, () => moment())
        }),
      ),
    )
    if (way === 'throws') throw new HttpError(500, mark)
    if (way === 'hangs') await tracer.span(`hangs ${mark}`, () => new Promise(() => {}))
    return { traceId: tracer.traceId, pid: process.pid, requestId: context.awsRequestId }
  })

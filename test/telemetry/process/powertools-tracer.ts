import { setTimeout } from 'node:timers/promises'
import { Tracer } from '@aws-lambda-powertools/tracer'

type Parent = NonNullable<ReturnType<Tracer['getSegment']>>

// What a function does that traces by hand with Powertools.
const tracer = new Tracer({ serviceName: 'orders', captureHTTPsRequests: true })

async function within<T>(parent: Parent, name: string, work: () => Promise<T>): Promise<T> {
  const subsegment = parent.addNewSubsegment(name)
  tracer.setSegment(subsegment)
  try {
    return await work()
  } catch (error) {
    tracer.addErrorAsMetadata(error as Error)
    throw error
  } finally {
    subsegment.close()
    tracer.setSegment(parent)
  }
}

const lambda = tracer.getSegment()
if (lambda === undefined) throw new Error('Powertools has no segment of Lambda here')
await within(lambda, '## index.handler', async () => {
  tracer.annotateColdStart()
  tracer.addServiceNameAnnotation()
  tracer.putAnnotation('orderId', 'o-1')
  tracer.putMetadata('request', { items: [1, 2] })
  await fetch(process.env.DOWNSTREAM as string)
  const handler = tracer.getSegment() as Parent
  await within(handler, '### save', async () => {
    await setTimeout(2)
    throw new TypeError('cannot save', { cause: new Error('disk full') })
  }).catch(() => {})
})

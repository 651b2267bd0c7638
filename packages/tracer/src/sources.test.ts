import { lambda, type Source } from '@fnware/core'
import { type Batch, batch } from '@fnware/core/extend'
import { http } from '@fnware/http'
import { httpApiEvent, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import { daemon, parent, root, traced } from '../test/traced.ts'
import { tracer } from './index.ts'

interface Message {
  readonly messageId: string
  readonly attributes: { readonly AWSTraceHeader: string }
}
interface Event {
  readonly Records: readonly Message[]
}
const messages = (): Source<Batch<Event, { readonly failed: readonly string[] }, { readonly message: Message }>> =>
  batch({
    name: 'messages',
    records: ({ Records }: Event) => Records,
    id: ({ messageId }: Message) => messageId,
    open: (message: Message) => ({ message }),
    payload: ({ message }) => message,
    answer: ({ undone }) => ({ failed: undone.map(({ messageId }) => messageId) }),
  })

test('records at once have spans of their own below that of the invocation, which is linked to their traces', async () => {
  const xray = await daemon()
  const Records = Array.from({ length: 8 }, (_, i) => ({
    messageId: `m${i}`,
    attributes: { AWSTraceHeader: `Root=1-68aabbcc-00000000000000000000000${i};Parent=${parent};Sampled=1` },
  }))
  const handler = lambda(messages())
    .use(tracer<{ id: string }>({ service: 'worker' }))
    .each(
      ({ message: { messageId }, tracer }) =>
        tracer.span(`record ${messageId}`, async () => {
          await yields()
          tracer.annotate('id', messageId)
          await tracer.span(`inner ${messageId}`, () => yields())
        }),
      { concurrency: 4 },
    )
  expect(await handler({ Records }, traced())).toEqual({ failed: [] })
  const spans = await xray.until((spans) => spans.length === 17)
  const top = spans.find(({ name }) => name === '## function')
  expect(top).toMatchObject({
    trace: root,
    metadata: {
      worker: {
        links: Records.map(({ attributes }) => ({ trace_id: attributes.AWSTraceHeader.slice(5, 40), id: parent })),
      },
    },
  })
  for (const { messageId } of Records) {
    const record = spans.find(({ name }) => name === `record ${messageId}`)
    expect(record).toMatchObject({ parent: top?.id, annotations: { id: messageId } })
    expect(spans.find(({ name }) => name === `inner ${messageId}`)?.parent).toBe(record?.id)
  }
})

test('what an answer is streamed from belongs to the invocation', async () => {
  const xray = await daemon()
  const handler = lambda(http())
    .use(tracer())
    .handle(({ tracer }) => {
      const chunks = ['a', 'b', 'c'].values()
      return new Response(
        new ReadableStream({
          async pull(controller) {
            const { value, done } = chunks.next()
            if (done) return controller.close()
            await tracer.span(`chunk ${value}`, () => yields())
            controller.enqueue(new TextEncoder().encode(value))
          },
        }),
      )
    })
  expect(await handler(httpApiEvent(), traced())).toMatchObject({ statusCode: 200, body: btoa('abc') })
  const spans = await xray.until((spans) => spans.length === 4)
  const top = spans.find(({ name }) => name === '## function')
  for (const name of ['chunk a', 'chunk b', 'chunk c']) {
    const chunk = spans.find((span) => span.name === name)
    expect(chunk).toMatchObject({ parent: top?.id, trace: root })
    expect(chunk?.end).toBeLessThanOrEqual(top?.end as number)
  }
})

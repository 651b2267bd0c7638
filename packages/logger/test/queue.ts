import type { Source } from '@fnware/core'
import { type Batch, batch } from '@fnware/core/extend'

interface Message {
  readonly messageId: string
  readonly body: string
}
interface Event {
  readonly Records: readonly Message[]
}

/** A source of messages, as small as may be. */
export const queue = (): Source<Batch<Event, readonly string[], { readonly body: string }>> =>
  batch<Event, Message, readonly string[], { readonly body: string }>({
    name: 'queue',
    records: ({ Records }) => Records,
    id: ({ messageId }) => messageId,
    open: ({ body }) => ({ body }),
    payload: ({ body }) => body,
    answer: ({ undone }) => undone.map(({ messageId }) => messageId),
  })

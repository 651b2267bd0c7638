import type { Answer } from '../answer.ts'
import type { HttpEvent, HttpResult } from '../event.ts'

/** How one service says a request and reads an answer. */
export interface Payload<Event = HttpEvent> {
  /** By the shape of the event, and never by a header, which a client can forge. */
  is(event: Partial<Event>): boolean
  method(event: Event): string
  /** As it was sent: percent-encoded, without a stage. */
  path(event: Event): string
  /** What the service itself found in the path. The event's own: to be copied. */
  params(event: Event): Readonly<Record<string, string | undefined>> | null | undefined
  /** Every value of every parameter, decoded, in order. */
  query(event: Event): Iterable<readonly [name: string, value: string]>
  /** Lower-case names; what was sent several times is joined by a comma. Maybe the event's own: to be copied. */
  headers(event: Event): Readonly<Record<string, string | undefined>>
  /** The `name=value` pairs of the request's cookies, where they do not come in a header. */
  cookies?(event: Event): readonly string[] | undefined
  /** Who was connected to the service; where it does not say, the last hop, which only it can have written down. */
  peer?(event: Event): string | undefined
  /** ms after which the service has given up on the answer. */
  readonly limit: (event: Event) => number
  result(answer: Answer, event: Event): HttpResult
}

import { checkStatus } from './status.ts'

/** An answer with its status. A registered symbol and never `instanceof`: a function may hold two copies of this package. */
const isReplySymbol = Symbol.for('fnware.reply')

export interface Reply<out Status extends number = number, out Body = unknown> {
  readonly status: Status
  readonly body: Body
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

class ReplyOf<Status extends number, Body> implements Reply<Status, Body> {
  readonly status: Status
  readonly body: Body
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  constructor(status: Status, body: Body, headers: Readonly<Record<string, string | readonly string[]>>) {
    this.status = status
    this.body = body
    this.headers = headers
    Object.defineProperty(this, isReplySymbol, { value: true })
  }
}

/**
 * An answer with its status. The body is written as JSON; a string under another `content-type` goes as it is, and
 * bytes go as bytes. Headers join those of `ctx.response`, and come before them.
 *
 * @example
 * return reply(201, order, { location: `/orders/${order.id}` })
 * @param headers several values are for `set-cookie`: one cookie each
 */
export const reply = <const Status extends number, Body = undefined>(
  status: Status,
  body?: Body,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Reply<Status, Body> => {
  checkStatus('reply()', status)
  return new ReplyOf(status, body as Body, headers)
}

export const isReply = (value: unknown): value is Reply =>
  (value as Record<symbol, unknown> | null | undefined)?.[isReplySymbol] === true

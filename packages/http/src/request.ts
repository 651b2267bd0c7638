import type { Answer } from './answer.ts'
import { type Body, bodyBytes, bodyText, bodyValue } from './body.ts'
import { byName } from './by-name.ts'
import type { HttpEvent, HttpResult } from './event.ts'
import { clientIp } from './forwarded.ts'
import type { Payload } from './payload/payload.ts'

/** One request, whichever service it came through. What is not read is not worked out. */
export interface HttpRequest {
  /** In capitals. */
  readonly method: string
  /** As it was sent: percent-encoded, from `/` on, without a stage and a base path. */
  readonly path: string
  /** The path's parameters, decoded: the router's, or else the service's own. */
  readonly params: Readonly<Record<string, string | undefined>>
  /** The route that matched, such as `/orders/{id}`. */
  readonly route: string | undefined
  /** The first value of each query parameter, decoded. */
  readonly query: Readonly<Record<string, string | undefined>>
  /** All values of each query parameter, decoded, in order. */
  readonly queries: Readonly<Record<string, readonly string[] | undefined>>
  /** By lower-case names; what was sent several times is joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  /** The client's address: what the service says, or what `trustedHops` proxies before it say. Never what a client says. */
  readonly ip: string | undefined
  /** `application/json` of `Application/JSON; charset=utf-8`. */
  readonly contentType: string | undefined
  /**
   * What was sent, by its content type: JSON (also without a content type) as its value, a form as an object of its
   * fields, text as a string, all else as bytes; undefined where nothing was sent.
   * @throws InputError on broken JSON and on keys that would reach a prototype; HttpError 413 over the cap
   */
  readonly body: unknown
  /** What was sent, as text. @throws HttpError 413 over the cap, InputError where it is not UTF-8 */
  text(): string
  /** What was sent. @throws HttpError 413 over the cap */
  bytes(): Uint8Array
}

/** What `http()` was told about requests. */
export interface RequestOptions {
  readonly bodyLimit: number
  readonly trustedHops: number
  readonly basePath: string
}

const nothing = Symbol('not worked out yet')

export class RequestOf implements HttpRequest {
  readonly #event: HttpEvent
  readonly #payload: Payload
  readonly #options: RequestOptions
  #path: string | undefined = undefined
  #params: Record<string, string> | undefined = undefined
  #queries: Record<string, string[]> | undefined = undefined
  #headers: Readonly<Record<string, string | undefined>> | undefined = undefined
  #own: Readonly<Record<string, string | undefined>> | undefined = undefined
  #cookies: Record<string, string> | undefined = undefined
  #body: unknown = nothing
  route: string | undefined = undefined

  constructor(event: HttpEvent, payload: Payload, options: RequestOptions) {
    this.#event = event
    this.#payload = payload
    this.#options = options
  }

  get method(): string {
    return this.#payload.method(this.#event).toUpperCase()
  }

  get path(): string {
    return (this.#path ??= below(this.#options.basePath, this.#payload.path(this.#event)))
  }

  /** ms after which the service gives up on the answer. */
  get limit(): number {
    return this.#payload.limit(this.#event)
  }

  get params(): Readonly<Record<string, string | undefined>> {
    return (this.#params ??= Object.assign(byName<string>(), this.#payload.params(this.#event)))
  }
  matched(
    { path, names }: { readonly path: string; readonly names: readonly string[] },
    values: readonly string[],
  ): void {
    this.route = path
    const params = (this.#params = byName<string>())
    for (let i = 0; i < names.length; i++) params[names[i] as string] = values[i] as string
  }

  get queries(): Readonly<Record<string, readonly string[] | undefined>> {
    if (this.#queries) return this.#queries
    const queries = byName<string[]>()
    for (const [name, value] of this.#payload.query(this.#event)) {
      const before = queries[name]
      if (before) before.push(value)
      else queries[name] = [value]
    }
    return (this.#queries = queries)
  }
  get query(): Readonly<Record<string, string | undefined>> {
    const query = byName<string>()
    const { queries } = this
    for (const name in queries) query[name] = queries[name]?.[0] as string
    return query
  }

  get headers(): Readonly<Record<string, string | undefined>> {
    return (this.#own ??= Object.assign(byName<string>(), this.#sentHeaders))
  }
  /** Maybe the event's own, which nobody may change. */
  get #sentHeaders() {
    return (this.#headers ??= this.#payload.headers(this.#event))
  }

  get cookies(): Readonly<Record<string, string | undefined>> {
    if (this.#cookies) return this.#cookies
    const cookies = byName<string>()
    for (const pair of this.#payload.cookies?.(this.#event) ?? this.#sentHeaders.cookie?.split(/; */) ?? []) {
      const [name, value] = cookie(pair)
      // The first is the one with the longest path: RFC 6265, 5.4.
      if (name && !(name in cookies)) cookies[name] = value
    }
    return (this.#cookies = cookies)
  }

  get ip(): string | undefined {
    return clientIp(
      this.#payload.peer?.(this.#event),
      () => this.#sentHeaders['x-forwarded-for'],
      this.#options.trustedHops,
    )
  }

  get contentType(): string | undefined {
    return this.#sentHeaders['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  }

  /** Whether it has no body. */
  get empty(): boolean {
    return !this.#event.body
  }
  get body(): unknown {
    if (this.#body === nothing) this.#body = bodyValue(this.#sent, this.contentType)
    return this.#body
  }
  text(): string {
    return bodyText(this.#sent)
  }
  bytes(): Uint8Array {
    return bodyBytes(this.#sent)
  }
  /** An answer as the service understands it. */
  result(answer: Answer): HttpResult {
    return this.#payload.result(answer, this.#event)
  }
  get #sent(): Body {
    const { body, isBase64Encoded } = this.#event
    return {
      sent: body ?? '',
      base64: isBase64Encoded === true,
      limit: this.#options.bodyLimit,
      encoding: this.#sentHeaders['content-encoding'],
    }
  }
}

const below = (basePath: string, path: string) => {
  if (!basePath || !(path === basePath || path.startsWith(`${basePath}/`))) return path || '/'
  return path.slice(basePath.length) || '/'
}

const cookie = (pair: string): readonly [name: string, value: string] => {
  const at = pair.indexOf('=')
  const [, quoted] = /^"(.*)"$/s.exec(pair.slice(at + 1).trim()) ?? []
  return [pair.slice(0, Math.max(0, at)).trim(), decodedCookie(quoted ?? pair.slice(at + 1).trim())]
}

const decodedCookie = (value: string) => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

import { byName } from './by-name.ts'
import { checkStatus } from './status.ts'

/** What middlewares and handlers set before there is a reply. It reaches every reply: early ones and errors too. */
export interface ResponseHead {
  /** The status of a plain result; 200 (or 204 without a result) when left out. A `reply()` brings its own. */
  status: number | undefined
  readonly headers: ResponseHeaders
}

/** Response headers, as the Web's `Headers` has them, and cookies kept apart. */
export interface ResponseHeaders {
  get(name: string): string | undefined
  /** @throws TypeError on a name or value that HTTP does not have, and after the answer has been given */
  set(name: string, value: string): void
  /** Adds to what is there: by a comma, or for `set-cookie` as another cookie. */
  append(name: string, value: string): void
  delete(name: string): void
}

export class Head implements ResponseHead, ResponseHeaders {
  #status: number | undefined = undefined
  /** Undefined until something is set. */
  values: Record<string, string> | undefined = undefined
  cookies: string[] | undefined = undefined
  sealed = false

  get status(): number | undefined {
    return this.#status
  }
  set status(status: number | undefined) {
    if (status !== undefined) checkStatus('ctx.response.status', status)
    this.#status = status
  }

  get headers(): ResponseHeaders {
    return this
  }

  get(name: string): string | undefined {
    const key = name.toLowerCase()
    return key === 'set-cookie' ? this.cookies?.join(', ') : this.values?.[key]
  }

  set(name: string, value: string): void {
    checkHeader(name, value)
    this.delete(name)
    this.append(name, value)
  }

  append(name: string, value: string): void {
    if (this.sealed) throw new TypeError(`the header ${name} was set after the answer had been given`)
    checkHeader(name, value)
    const key = name.toLowerCase()
    if (key === 'set-cookie') {
      this.cookies ??= []
      this.cookies.push(value)
      return
    }
    this.values ??= byName<string>()
    const before = this.values[key]
    this.values[key] = before === undefined ? value : `${before}, ${value}`
  }

  delete(name: string): void {
    const key = name.toLowerCase()
    if (key === 'set-cookie') this.cookies = undefined
    else delete this.values?.[key]
  }
}

/**
 * A line break in a header would let its author write further headers.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 */
export const checkHeader = (name: string, value: unknown): void => {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header`)
  if (typeof value !== 'string' || /[^\t -~\x80-\xff]/.test(value))
    throw new TypeError(`the header ${name} must be a string without line breaks and control characters, in Latin-1`)
}

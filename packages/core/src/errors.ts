import type { StandardSchemaV1 } from '@standard-schema/spec'
import { kind } from './is-error.ts'

/** What does not fit its schema, or cannot be read at all. HTTP answers 400, a batch reports the record. */
export class InputError extends Error {
  override readonly name: string = 'InputError'
  /** What is wrong, each with the path to it. */
  readonly issues: readonly StandardSchemaV1.Issue[]
  /** The part of the request that they are in: `body`, `query`, `params`; `event` where there are no parts. */
  readonly in: string
  constructor(issues: readonly StandardSchemaV1.Issue[], where = 'event') {
    const message = issues
      .slice(0, 100)
      .map((issue) => `${pointer(issue.path)} ${issue.message}`.trim())
      .join('; ')
    // The fault lies in the input and not in the code: a stack would say nothing, and take a third of the time.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message || 'Invalid input')
    Error.stackTraceLimit = stackTraceLimit
    this.issues = issues
    this.in = where
    brand(this)
  }
}

/** A result that does not fit the schema given to `.output()`: a mistake in the function, not in the request. */
export class OutputError extends Error {
  override readonly name: string = 'OutputError'
  readonly issues: readonly StandardSchemaV1.Issue[]
  constructor(issues: readonly StandardSchemaV1.Issue[]) {
    super(`the result does not fit its schema: ${new InputError(issues).message}`)
    this.issues = issues
  }
}

/** The reason of `ctx.signal` when the time is up, and what a source answers then. */
export class DeadlineError extends Error {
  override readonly name: string = 'DeadlineError'
  constructor(message: string) {
    super(message)
    brand(this)
  }
}

/** A record that it is of no use to bring again: see `onPermanent` of `.each()`. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    brand(this)
  }
}

/** A batch of which no record went well. What each failed with has been written down. */
export class BatchError extends Error {
  override readonly name: string = 'BatchError'
  /** What was thrown. Not enumerable: it is in the log already. */
  declare readonly errors: readonly Error[]
  constructor(ids: readonly string[], errors: readonly Error[]) {
    const all = ids.length === 1 ? `the record ${ids[0]}` : `all ${ids.length} records`
    super(`${all} failed${errors[0] ? `: ${errors[0].message}` : ''}`)
    Object.defineProperty(this, 'errors', { value: errors })
    brand(this)
  }
}

export interface HttpErrorOptions extends ErrorOptions {
  /** A URI that names the kind of problem; `about:blank` when left out. */
  readonly type?: string
  /** A short summary of the kind of problem; the status's own phrase when left out. */
  readonly title?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the problem object. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/**
 * An error with an HTTP status. `detail` is what the client is told.
 * @throws TypeError on a status that is no error's: they go from 400 to 599
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class HttpError extends Error {
  override readonly name: string = 'HttpError'
  readonly status: number
  readonly detail: string | undefined
  readonly type: string | undefined
  readonly title: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly extensions: Readonly<Record<string, unknown>>
  constructor(status: number, detail?: string, options: HttpErrorOptions = {}) {
    super(detail ?? `HTTP ${status}`, options)
    if (!(Number.isInteger(status) && status >= 400 && status <= 599))
      throw new TypeError(`an HttpError takes a status from 400 to 599, not ${status}: answer others by reply()`)
    this.status = status
    this.detail = detail
    this.type = options.type
    this.title = options.title
    this.headers = options.headers ?? {}
    this.extensions = options.extensions ?? {}
    brand(this)
  }
}

/** Not enumerable, so that nothing of it shows where an error is printed. */
const brand = (error: Error) => Object.defineProperty(error, kind, { value: error.name })

/** What was thrown, as an Error: itself, or else one that says what it was. */
export const toError = (thrown: unknown): Error => {
  try {
    // What throws when its kind is read would throw wherever it is looked at.
    if (
      (thrown as Record<symbol, unknown> | null | undefined)?.[kind] ||
      thrown instanceof Error ||
      Object.prototype.toString.call(thrown) === '[object Error]'
    )
      return thrown as Error
    const what =
      typeof thrown === 'string' ? JSON.stringify(thrown) : Object(thrown) === thrown ? 'an object' : String(thrown)
    return new TypeError(`${what} was thrown, which is not an Error: throw new Error(…)`, { cause: thrown })
  } catch {
    return new TypeError('what was thrown cannot be looked at: throw new Error(…)')
  }
}

/**
 * A path as a JSON pointer.
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export const pointer = (path: StandardSchemaV1.Issue['path'] = []): string => {
  let text = ''
  for (const step of path) {
    const key = String(typeof step === 'object' ? step.key : step)
    text += `/${/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`
  }
  return text
}

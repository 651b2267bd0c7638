import { own } from './own-keys.ts'
import { remembered } from './remembered.ts'

/** What a sensitive value is replaced by. */
const redacted = '[redacted]'

const deepest = 20
const most = 20_000

/** Makes of a value what may be written: without what is sensitive, finite, and free of what throws. */
export type Clean = (value: unknown) => unknown

/**
 * Copies only where something changes, and changes nothing of what it is given.
 * @param isSensitive whether what stands under a key is to be replaced
 * @param formatError how an Error is written
 */
export const cleaner =
  (isSensitive: IsSensitive, formatError: FormatError): Clean =>
  (root) =>
    new Cleaning(isSensitive, formatError).clean(root)

type IsSensitive = (key: string) => boolean
type FormatError = (error: Error) => object

/** One value's. No closures, which V8 would compile one within the other: that would show in a cold start. */
class Cleaning {
  readonly #isSensitive: IsSensitive
  readonly #formatError: FormatError
  #seen = 0
  readonly #above: object[] = []

  constructor(isSensitive: IsSensitive, formatError: FormatError) {
    this.#isSensitive = isSensitive
    this.#formatError = formatError
  }

  clean(value: unknown): unknown {
    if (typeof value === 'bigint') return String(value)
    if (!isWritten(value)) return value
    if (this.#above.includes(value)) return '[circular]'
    if (this.#above.length >= deepest || ++this.#seen > most) return '[cut]'
    this.#above.push(value)
    try {
      return this.#copied(value)
    } catch {
      return unreadable
    } finally {
      this.#above.pop()
    }
  }

  #copied(value: object): unknown {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
    if (value instanceof Error) {
      const formatted = this.#written(value)
      return this.#entries(formatted) ?? formatted
    }
    // JSON cannot write a boxed one either.
    if (value instanceof BigInt) return String(value)
    if (value instanceof Map) return this.clean(Object.fromEntries(value))
    if (value instanceof Set) return this.clean([...value])
    if (writesItself(value)) {
      const json = value.toJSON()
      if (json !== value) return this.clean(json)
    }
    if (Array.isArray(value)) return this.#items(value)
    return this.#entries(value) ?? value
  }

  /** With what formatters leave out: the errors of several, also where those are a cause. */
  #written(error: Error): object {
    const { errors, cause } = error as Partial<AggregateError>
    const more = {
      ...(cause instanceof Error && { cause }),
      ...(Array.isArray(errors) && { errors }),
      // It would write the error anew, as it was.
      toJSON: undefined,
    }
    try {
      // A cause is formatted when it is its turn, and not once more by each that it caused.
      return { ...this.#formatError(cause instanceof Error ? withoutCause(error) : error), ...more }
    } catch {
      // One that is its own cause cannot be formatted: then at least what it is.
      const { name, message, stack } = error
      return { name, message, stack, ...more }
    }
  }

  #items(array: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | undefined
    for (let i = 0; i < array.length; i++) {
      const item = array[i]
      // `['authorization', '…']`, and Node's flat list of raw headers.
      const hidden = i % 2 === 1 && this.#isSecretName(array[i - 1])
      const cleaned = hidden && !harmless(item) ? redacted : this.clean(item)
      if (cleaned !== item) {
        copy ??= [...array]
        copy[i] = cleaned
      }
    }
    return copy ?? array
  }

  /** A copy, or nothing where all may stay. */
  #entries(object: object): object | undefined {
    let copy: Record<string, unknown> | undefined
    const keys = Object.keys(object)
    const named = keys.some((key) => isNaming(key) && this.#isSecretName(read(object, key)))
    for (const key of keys) {
      const value = read(object, key)
      const hidden = this.#isSensitive(key) || (named && isNamed(key))
      const cleaned = hidden && !harmless(value) ? redacted : this.clean(value)
      if (cleaned !== value || value === unreadable) {
        copy ??= readable(object)
        copy[key] = cleaned
      }
    }
    return copy
  }

  #isSecretName(name: unknown): boolean {
    return typeof name === 'string' && this.#isSensitive(name)
  }
}

const withoutCause = (error: Error): Error =>
  new Proxy(error, { get: (_, key) => (key === 'cause' ? undefined : Reflect.get(error, key)) })

/** `{ name: 'authorization', value: '…' }` and its like. */
const isNaming = remembered((key) => /^(?:\w*key|name|header)$/i.test(key), own)
const isNamed = remembered((key) => /^(?:\w+)?(?:values?|content)$/i.test(key), own)

/** JSON leaves functions out, unless they write themselves. */
const isWritten = (value: unknown): value is object =>
  typeof value === 'object' ? value !== null : typeof value === 'function' && writesItself(value)

export const writesItself = (value: object): value is { toJSON(): unknown } =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function'

const unreadable = '[cannot be read]'
const read = (object: object, key: string): unknown => {
  try {
    return (object as Record<string, unknown>)[key]
  } catch {
    return unreadable
  }
}

/** Its own values, those that can be read, without a `toJSON` that would bring back what was replaced. */
export const readable = (object: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(object).flatMap((key) => {
      const value = read(object, key)
      return typeof value === 'function' ? [] : [[key, value]]
    }),
  )

/** Whether there is a secret is no secret. */
const harmless = (value: unknown) => value === undefined || value === null || typeof value === 'boolean'

import { withoutHidden } from '@fnware/core/extend'
import { type Bounds, cutText, longest, tooLong } from './bounds.ts'
import { own } from './own-keys.ts'
import { remembered } from './remembered.ts'

/** What a sensitive value is replaced by. */
export const redacted = '[redacted]'

const deepest = 20
const most = 20_000
/** A secret that ends behind what is kept of a text: Secrets Manager's are of 64 kB at most, percent-encoded of 192. */
export const behind = 200_000

export type IsSensitive = (key: string) => boolean
export type FormatError = (error: Error) => object

/**
 * Makes of a line's values what may be written: without what is sensitive, within bounds, and free of what throws. Copies only
 * where something changes, and changes nothing of what it is given. It has no closures, which V8 would compile one within the
 * other: that would show in a cold start.
 * @throws tooLong as soon as what it has met is more than a line may be
 */
export class Cleaning {
  readonly #isSensitive: IsSensitive
  readonly #formatError: FormatError
  readonly #bounds: Bounds
  #seen = 0
  #length = 0
  readonly #above: object[] = []

  /**
   * @param isSensitive whether what stands under a key is to be replaced
   * @param formatError how an Error is written
   */
  constructor(isSensitive: IsSensitive, formatError: FormatError, bounds: Bounds) {
    this.#isSensitive = isSensitive
    this.#formatError = formatError
    this.#bounds = bounds
  }

  clean(value: unknown): unknown {
    if (typeof value === 'bigint') return this.#text(digits(value))
    if (typeof value === 'string') return this.#text(value)
    if (!isWritten(value)) {
      this.#count(4)
      return value
    }
    if (this.#above.includes(value)) return '[circular]'
    if (this.#above.length >= deepest || ++this.#seen > most) return '[cut]'
    this.#above.push(value)
    try {
      return this.#copied(value)
    } catch (error) {
      if (error === tooLong) throw error
      return unreadable
    } finally {
      this.#above.pop()
    }
  }

  #count(length: number): void {
    this.#length += length
    if (this.#length > longest) throw tooLong
  }

  #text(text: string): string {
    const { text: most } = this.#bounds
    const kept = keptOf(text, most)
    this.#count(kept.length)
    return kept
  }

  #copied(value: object): unknown {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
    if (isError(value)) {
      const formatted = this.#written(value)
      return this.#entries(formatted) ?? formatted
    }
    // JSON cannot write a boxed one either.
    if (value instanceof BigInt) return this.#text(digits(value.valueOf()))
    if (value instanceof String || value instanceof Number) return this.clean(value.valueOf())
    if (value instanceof Map) {
      const object = Object.fromEntries(this.#first(value))
      return this.#entries(object, value.size) ?? object
    }
    if (value instanceof Set) return this.#items(this.#first(value), value.size)
    if (value instanceof Date && Number.isNaN(value.getTime())) return 'Invalid Date'
    if (writesItself(value)) {
      const json = value.toJSON()
      if (json !== value) return this.clean(json)
    }
    if (Array.isArray(value)) return this.#items(value)
    return this.#entries(value) ?? value
  }

  /** With what formatters leave out: the errors of several, also where those are a cause. */
  #written(error: Error): object {
    const { errors, error: latest, suppressed, cause } = error as Partial<AggregateError & SuppressedError>
    const more = {
      ...(isError(cause) && { cause }),
      ...(Array.isArray(errors) && { errors }),
      ...(suppressed !== undefined && { error: latest, suppressed }),
      // It would write the error anew, as it was.
      toJSON: undefined,
    }
    try {
      // A cause is formatted when it is its turn, and not once more by each that it caused.
      return { ...this.#formatError(isError(cause) ? withoutCause(error) : error), ...more }
    } catch {
      // One that is its own cause cannot be formatted: then at least what it is.
      const { name, message, stack } = error
      return { name, message, stack, ...more }
    }
  }

  /** As much of a Map or a Set as is kept: it may be large. */
  #first<T>(all: Iterable<T> & { readonly size: number }): readonly T[] {
    const { items } = this.#bounds
    if (all.size * 2 > longest && all.size <= items) throw tooLong
    if (all.size <= items) return [...all]
    const kept: T[] = []
    for (const one of all) if (kept.push(one) >= items) break
    return kept
  }

  /** @param total how many there were */
  #items(array: readonly unknown[], total = array.length): readonly unknown[] {
    const length = Math.min(array.length, this.#bounds.items)
    this.#count(length)
    let copy = total > length ? array.slice(0, length) : undefined
    for (let i = 0; i < length; i++) {
      const item = array[i]
      // `['authorization', '…']`, and Node's flat list of raw headers.
      const hidden = i % 2 === 1 && this.#isSecretName(array[i - 1])
      const cleaned = hidden && !harmless(item) ? redacted : this.clean(item)
      if (cleaned !== item) {
        copy ??= [...array]
        copy[i] = cleaned
      }
    }
    if (total > length) copy?.push(`[cut: ${total - length} items]`)
    return copy ?? array
  }

  /**
   * A copy, or nothing where all may stay.
   * @param total how many keys there were
   */
  #entries(object: object, total?: number): object | undefined {
    const { items, text } = this.#bounds
    const all = Object.keys(object)
    const keys = all.length > items ? all.slice(0, items) : all
    const cut = (total ?? all.length) - keys.length
    let copy = cut > 0 ? readable(object, keys) : undefined
    const named = keys.some((key) => isNaming(key) && this.#isSecretName(read(object, key)))
    for (const key of keys) {
      this.#count(Math.min(key.length, text) + 3)
      const value = read(object, key)
      const hidden = this.#isSensitive(key) || (named && isNamed(key))
      const cleaned = hidden && !harmless(value) ? redacted : this.clean(value)
      if (cleaned !== value || value === unreadable || key.length > text) {
        copy ??= readable(object, keys)
        if (key.length > text) delete copy[key]
        copy[keptOf(key, text)] = cleaned
      }
    }
    if (copy && cut > 0) copy['…'] = `[cut: ${cut} keys]`
    return copy
  }

  #isSecretName(name: unknown): boolean {
    return typeof name === 'string' && this.#isSensitive(name)
  }
}

/** Also one of another realm, such as a test's. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'

/** In hexadecimal where there are so many of them that the decimal ones would take seconds. */
const digits = (value: bigint): string => {
  if (BigInt.asIntN(64, value) === value) return `${value}`
  const hex = value.toString(16)
  return hex.length < 10_000 ? `${value}` : hex.replace(/^-?/, (sign) => `${sign}0x`)
}

/** What is left of a text: a secret must not be shown by its half for being cut. */
const keptOf = (text: string, most: number): string => {
  if (text.length <= most) return text
  const hidden = withoutHidden(text.slice(0, most + behind))
  return cutText(hidden + text.slice(most + behind), most)
}

const withoutCause = (error: Error): Error =>
  new Proxy(error, { get: (_, key) => (key === 'cause' ? undefined : Reflect.get(error, key)) })

/** `{ name: 'authorization', value: '…' }` and its like. */
export const isNaming: (key: string) => boolean = remembered((key) => /^(?:\w*key|name|header)$/i.test(key), own)
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
export const readable = (object: object, keys: readonly string[] = Object.keys(object)): Record<string, unknown> =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = read(object, key)
      return typeof value === 'function' ? [] : [[key, value]]
    }),
  )

/** Whether there is a secret is no secret. */
export const harmless = (value: unknown): boolean => value === undefined || value === null || typeof value === 'boolean'

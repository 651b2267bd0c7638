/** What a sensitive value is replaced by. */
export const redacted = '[redacted]'

const deepest = 20
const most = 20_000

/** Makes of a value what may be written: without what is sensitive, finite, and free of what throws. */
export type Clean = (value: unknown) => unknown

/**
 * Copies only where something changes, and changes nothing of what it is given.
 * @param isSensitive whether what stands under a key is to be replaced
 * @param formatError how an Error is written
 */
export const cleaner = (isSensitive: (key: string) => boolean, formatError: (error: Error) => object): Clean => {
  return (root) => {
    let seen = 0
    const above = new Set<object>()

    const clean = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
      if (above.has(value)) return '[circular]'
      if (above.size >= deepest || ++seen > most) return '[cut]'
      above.add(value)
      try {
        return copied(value)
      } catch (error) {
        return `[cannot be read: ${error instanceof Error ? error.message : String(error)}]`
      } finally {
        above.delete(value)
      }
    }

    const copied = (value: object): unknown => {
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
      if (value instanceof Error) {
        const formatted = written(value)
        return entries(formatted) ?? formatted
      }
      if (value instanceof Map) return clean(Object.fromEntries(value))
      if (value instanceof Set) return clean([...value])
      if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
        const json: unknown = (value as { toJSON(): unknown }).toJSON()
        return typeof json === 'object' ? clean(json) : json
      }
      if (Array.isArray(value)) return items(value)
      return entries(value) ?? value
    }

    /** An Error that is its own cause cannot be formatted: then at least what it is. */
    const written = (error: Error): object => {
      const { errors } = error as Partial<AggregateError>
      const several = Array.isArray(errors) && { errors }
      try {
        return { ...formatError(error), ...several }
      } catch {
        const { name, message, stack } = error
        return { name, message, stack, ...several }
      }
    }

    const items = (array: readonly unknown[]) => {
      let copy: unknown[] | undefined
      for (const [i, item] of array.entries()) {
        // `['authorization', '…']`, and Node's flat list of raw headers.
        const name: unknown = i % 2 === 1 ? array[i - 1] : undefined
        const cleaned = typeof name === 'string' && isSensitive(name) && !harmless(item) ? redacted : clean(item)
        if (cleaned !== item) {
          copy ??= [...array]
          copy[i] = cleaned
        }
      }
      return copy ?? array
    }

    /** A copy, or nothing where all may stay. */
    const entries = (object: object): object | undefined => {
      let copy: Record<string, unknown> | undefined
      const named = namesIn(object).some(isSensitive)
      for (const key of Object.keys(object)) {
        const value = read(object, key)
        const hidden = isSensitive(key) || (named && /^(?:\w+)?(?:values?|content)$/i.test(key))
        const cleaned = hidden && !harmless(value) ? redacted : clean(value)
        if (cleaned !== value || value === unreadable) {
          copy ??= { ...safely(object) }
          copy[key] = cleaned
        }
      }
      return copy
    }
    return clean(root)
  }
}

/** What `{ name: 'authorization', value: '…' }` and its like name. */
const namesIn = (object: object): readonly string[] =>
  Object.keys(object).flatMap((key) => {
    const name = /^(?:\w*key|name|header)$/i.test(key) ? read(object, key) : undefined
    return typeof name === 'string' ? [name] : []
  })

const unreadable = '[cannot be read]'
const read = (object: object, key: string): unknown => {
  try {
    return (object as Record<string, unknown>)[key]
  } catch {
    return unreadable
  }
}

/** Its own values, those that can be read. */
const safely = (object: object) => Object.fromEntries(Object.keys(object).map((key) => [key, read(object, key)]))

/** Whether there is a secret is no secret. */
const harmless = (value: unknown) => value === undefined || value === null || typeof value === 'boolean'

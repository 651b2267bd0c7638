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
        const formatted = formatError(value)
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

    const items = (array: readonly unknown[]) => {
      let copy: unknown[] | undefined
      const [name] = array
      const isPair = array.length === 2 && typeof name === 'string' && isSensitive(name)
      for (const [i, item] of array.entries()) {
        const cleaned = isPair && i === 1 && !harmless(item) ? redacted : clean(item)
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
      const name = nameIn(object)
      for (const key of Object.keys(object)) {
        const value = read(object, key)
        const hidden = isSensitive(key) || (name !== undefined && /^value$/i.test(key) && isSensitive(name))
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

/** What `{ name: 'authorization', value: '…' }` names. */
const nameIn = (object: object): string | undefined => {
  for (const key of ['name', 'Name', 'key', 'Key']) {
    const name = Object.hasOwn(object, key) ? read(object, key) : undefined
    if (typeof name === 'string') return name
  }
  return undefined
}

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

import { withoutHidden } from '@fnware/core/extend'
import { behind, writesItself } from './redact.ts'

const deepest = 20
/** What an object takes beside what is in it, and what a number takes: bytes of a line, about. */
const each = 8

/** A copy of what a line is to tell later, as it is now. */
export interface Snapshot {
  readonly value: unknown
  /** How many bytes of a line it would take, about. */
  readonly bytes: number
}

/**
 * Copies by value what can change: what is written into it afterwards is not told. Formats nothing: the stack of an Error,
 * which takes longest, is made when it is read. What is beyond `most` bytes is cut, so that nothing endless is walked.
 */
export const snapshotOf = (value: unknown, most: number): Snapshot => {
  const copying = new Copying(most)
  const copy = copying.of(value)
  return { value: copy, bytes: most - copying.left }
}

/** Whether a copy of it is as good as itself: it holds nothing that can change within. */
export const isFlat = (object: object): boolean => {
  for (const key in object) if (typeof (object as Record<string, unknown>)[key] === 'object') return false
  return true
}

/** One value's. */
class Copying {
  left: number
  readonly #above: object[] = []
  readonly #copies: object[] = []

  constructor(most: number) {
    this.left = most
  }

  of(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'function' ? !writesItself(value) : typeof value !== 'object' || value === null) {
      this.left -= each
      return value
    }
    const at = this.#above.indexOf(value as object)
    if (at >= 0) return this.#copies[at]
    this.left -= each
    if (this.left <= 0 || this.#above.length >= deepest) return '[cut]'
    try {
      return this.#object(value as object)
    } catch {
      return '[cannot be read]'
    }
  }

  #text(text: string): string {
    this.left -= text.length + 2
    if (this.left >= 0) return text
    const cut = Math.max(0, text.length + this.left)
    this.left = 0
    const kept = withoutHidden(text.slice(0, cut + behind)).slice(0, cut)
    // Through bytes: a slice would keep the whole of it in memory.
    return `${Buffer.from(kept).toString()}[cut]`
  }

  /** In the order in which a line's values are looked at. */
  #object(value: object): unknown {
    const prototype = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
      if (isConstant(value)) return value
      if (value instanceof Error) return this.#error(value, prototype)
      if (value instanceof Map) return this.#map(value)
      if (value instanceof Set) return new Set(this.#items(value))
    }
    if (writesItself(value)) {
      const json = value.toJSON()
      if (json !== value) return this.of(json)
    }
    return Array.isArray(value) ? this.#items(value) : this.#entries(value)
  }

  #items(items: Iterable<unknown> & object): unknown[] {
    const copy: unknown[] = []
    this.#enter(items, copy)
    for (const item of items) {
      if (this.left <= 0) {
        copy.push('[cut]')
        break
      }
      copy.push(this.of(item))
    }
    this.#leave()
    return copy
  }

  #map(map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    this.#enter(map, copy)
    for (const [key, value] of map) {
      if (this.left <= 0) {
        copy.set('…', '[cut]')
        break
      }
      this.left -= typeof key === 'string' ? key.length : each
      copy.set(key, this.of(value))
    }
    this.#leave()
    return copy
  }

  /** Of its own class, so that it is written as it would be itself. */
  #error(error: Error, prototype: object): object {
    const copy = Object.create(prototype)
    this.left -= 500
    this.#enter(error, copy)
    const names = Object.getOwnPropertyNames(error)
    // A DOMException has both by getters, which work on itself alone.
    if (!names.includes('message')) names.push('name', 'message')
    for (const name of names)
      if (name !== 'stack') {
        const enumerable = Object.prototype.propertyIsEnumerable.call(error, name)
        const value = this.#read(error, name)
        Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true })
      }
    this.#leave()
    return Object.defineProperty(copy, 'stack', { get: () => error.stack, configurable: true })
  }

  #entries(value: object): object {
    const copy: Record<string, unknown> = {}
    this.#enter(value, copy)
    for (const key of Object.keys(value)) {
      if (this.left <= 0) {
        copy['…'] = '[cut]'
        break
      }
      this.left -= key.length
      const read = this.#read(value, key)
      if (key === '__proto__') Object.defineProperty(copy, key, { value: read, enumerable: true })
      else copy[key] = read
    }
    this.#leave()
    return copy
  }

  #read(value: object, key: string): unknown {
    let found: unknown
    try {
      found = (value as Record<string, unknown>)[key]
    } catch {
      return '[cannot be read]'
    }
    return this.of(found)
  }

  #enter(value: object, copy: object) {
    this.#above.push(value)
    this.#copies.push(copy)
  }
  #leave() {
    this.#above.pop()
    this.#copies.pop()
  }
}

/** What is told by its length, and what never changes. */
const isConstant = (value: object): boolean =>
  ArrayBuffer.isView(value) ||
  value instanceof ArrayBuffer ||
  value instanceof String ||
  value instanceof Number ||
  value instanceof Boolean ||
  value instanceof BigInt

import { withoutSecrets } from './secrets.ts'

/** How deep and how long what is shown may be. */
const deepest = 16
const longestText = 16_384
const cut = '"[cut]"'

/**
 * Writes any value as JSON, in about `room` characters at most. What JSON does not know, what refers to itself, what
 * throws when it is read and what there is no room for is named in its place; nothing is thrown.
 */
export const jsonOf = (value: unknown, room = 32_768): string => {
  const json = new Writer(room).write(value, 0)
  return json ?? '"[undefined]"'
}

class Writer {
  #room: number
  readonly #above: object[] = []
  constructor(room: number) {
    this.#room = room
  }

  /** Undefined of what is left out of objects: undefined itself, functions, symbols. */
  write(value: unknown, depth: number): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.#spent(String(value))
      case 'bigint':
        return this.#text(String(value))
      case 'object':
        return value === null ? this.#spent('null') : this.#object(value, depth)
      default:
        return undefined
    }
  }

  #object(value: object, depth: number): string | undefined {
    if (this.#above.includes(value)) return this.#note('circular')
    if (depth >= deepest) return this.#note('too deep')
    this.#above.push(value)
    try {
      return this.#read(value, depth)
    } catch {
      return this.#note('cannot be read')
    } finally {
      this.#above.pop()
    }
  }

  #read(value: object, depth: number): string | undefined {
    if (value instanceof Error) {
      const { name, message, cause } = value
      return this.#entries(Object.entries({ ...value, name, message, cause }), depth)
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.#note(`${value.byteLength} bytes`)
    // Reading a stream would take what it holds from whom it is for.
    if (typeof (value as { pipe?: unknown }).pipe === 'function' || value instanceof ReadableStream)
      return this.#note('stream')
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON === 'function') return this.write(toJSON.call(value), depth + 1)
    if (Array.isArray(value)) return this.#list(value, depth)
    if (value instanceof Set) return this.#list(value, depth)
    if (value instanceof Map) return this.#entries(value, depth)
    return this.#entries(own(value), depth)
  }

  #list(values: Iterable<unknown>, depth: number): string {
    const parts: string[] = []
    for (const value of values) {
      if (this.#room <= 0) {
        parts.push(cut)
        break
      }
      this.#room--
      parts.push(this.write(value, depth + 1) ?? 'null')
    }
    return `[${parts.join(',')}]`
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>, depth: number): string {
    const parts: string[] = []
    for (const [key, value] of entries) {
      if (this.#room <= 0) {
        parts.push(`"…":${cut}`)
        break
      }
      this.#room -= 2
      const json = this.write(value, depth + 1)
      if (json !== undefined) parts.push(`${this.#text(String(key))}:${json}`)
    }
    return `{${parts.join(',')}}`
  }

  #text(whole: string): string {
    const text = withoutSecrets(whole)
    const most = Math.min(longestText, Math.max(this.#room, 64))
    const shown = text.length > most ? `${text.slice(0, most)}… [${text.length} characters]` : text
    return this.#spent(JSON.stringify(shown.toWellFormed()))
  }
  /** Some secrets are numbers. */
  #number(value: number): string {
    const text = String(value)
    return Number.isFinite(value) && withoutSecrets(text) === text ? this.#spent(text) : this.#text(text)
  }
  #note(what: string): string {
    return this.#spent(`"[${what}]"`)
  }
  #spent(json: string): string {
    this.#room -= json.length
    return json
  }
}

/** A property that throws spoils no other. */
function* own(value: object): Iterable<readonly [string, unknown]> {
  for (const key of Object.keys(value)) {
    let one: unknown
    try {
      one = (value as Record<string, unknown>)[key]
    } catch {
      one = '[cannot be read]'
    }
    yield [key, one]
  }
}

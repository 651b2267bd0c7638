import { readable, writesItself } from './redact.ts'

/** Keys that Powertools writes itself, and would drop of what it is given. */
export const reserved: readonly string[] = ['level', 'message', 'sampling_rate', 'service', 'timestamp']

/** What was given beside a message, by keys. What has none to give goes under `extra`, as with Powertools. */
export const keysOf = (extra: unknown): object | undefined => {
  if (extra === undefined || extra === null) return undefined
  try {
    if (extra instanceof Error) return { error: extra }
    if (extra instanceof Map) return Object.fromEntries(extra)
    const keyed = typeof extra === 'object' && !Array.isArray(extra) && !(extra instanceof Set) && !writesItself(extra)
    return keyed ? extra : { extra }
  } catch {
    // A Proxy that throws, keys that are no text: to be told where the line is written.
    return { extra }
  }
}

/** A message, and what else was given in its place: an Error, or Powertools' `{ message, … }`. */
export const messageOf = (message: unknown): { readonly text: string; readonly more?: object } => {
  if (typeof message === 'string') return { text: message }
  if (message instanceof Error) return { text: message.message, more: { error: message } }
  if (typeof message !== 'object' || message === null) return { text: String(message) }
  const { message: text = '', ...more } = message as { message?: unknown }
  return { text: String(text), more }
}

/** Nothing that was given is dropped: what stands under a reserved key goes under `extra`. */
export const apart = (fields: object): object => {
  if (!reserved.some((key) => key in fields)) return fields
  const { extra, ...kept } = fields as Record<string, unknown>
  const moved: Record<string, unknown> =
    typeof extra === 'object' ? { ...extra } : { ...(extra !== undefined && { extra }) }
  for (const key of reserved)
    if (Object.hasOwn(kept, key)) {
      moved[key] = kept[key]
      delete kept[key]
    }
  return { ...kept, extra: moved }
}

/** Later keys over earlier ones, those that can be read. */
export const together = (...parts: readonly (object | undefined)[]): object => {
  try {
    return Object.assign({}, ...parts)
  } catch {
    return Object.assign({}, ...parts.map((part) => part && legible(part)))
  }
}

const legible = (part: object): object => {
  try {
    return readable(part)
  } catch {
    return { extra: part }
  }
}

import type { Pairs } from './request.ts'

/** The last value of each name. */
export const last = (pairs: Pairs): Record<string, string> => Object.fromEntries(pairs)

/** All values of each name. */
export const all = (pairs: Pairs): Record<string, string[]> => {
  const map = new Map<string, string[]>()
  for (const [name, value] of pairs) map.set(name, [...(map.get(name) ?? []), value])
  return Object.fromEntries(map)
}

/** All values of each name, joined by commas. */
export const joined = (pairs: Pairs): Record<string, string> =>
  Object.fromEntries(Object.entries(all(pairs)).map(([name, values]) => [name, values.join(',')]))

export const lowerCase = (pairs: Pairs): Pairs => pairs.map(([name, value]) => [name.toLowerCase(), value])

/** A query string's parameters, decoded. */
export const decoded = (query: string): Pairs => [...new URLSearchParams(query)]

/** A query string's parameters, as they were sent. */
export const undecoded = (query: string): Pairs =>
  query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    })

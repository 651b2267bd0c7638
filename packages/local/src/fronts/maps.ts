/** Names and values in the order they came, some names perhaps several times. */
export type Pairs = readonly (readonly [name: string, value: string])[]

export const lowerCase = (pairs: Pairs): Pairs => pairs.map(([name, value]) => [name.toLowerCase(), value])

/** The last value of each name. */
export const last = (pairs: Pairs): Record<string, string> => Object.fromEntries(pairs)

/** All values of each name. */
export function all(pairs: Pairs): Record<string, string[]> {
  const map = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const values = map.get(name)
    if (values) values.push(value)
    else map.set(name, [value])
  }
  return Object.fromEntries(map)
}

/** All values of each name, joined by commas. */
export const joined = (pairs: Pairs): Record<string, string> =>
  Object.fromEntries(Object.entries(all(pairs)).map(([name, values]) => [name, values.join(',')]))

/** One spelling for names that differ in case alone: the first. */
export function oneSpelling(pairs: Pairs): Pairs {
  const spelling = new Map<string, string>()
  return pairs.map(([name, value]) => {
    const key = name.toLowerCase()
    if (!spelling.has(key)) spelling.set(key, name)
    return [spelling.get(key)!, value]
  })
}

/** The parameters of a query string, decoded. */
export const decoded = (query: string): Pairs => [...new URLSearchParams(query)]

/** The parameters of a query string, as they were sent. */
export const undecoded = (query: string): Pairs =>
  query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    })

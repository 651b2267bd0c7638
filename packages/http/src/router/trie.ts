/** What is found by a method and a path. */
export interface Endpoint {
  readonly path: string
  /** The path's parameters, in order. */
  readonly names: readonly string[]
}

/** Gives what it makes of a match, or nothing to see the next one. */
export type Visit<E extends Endpoint, T> = (
  /** By method; `ANY` for those that are not there. */
  endpoints: ReadonlyMap<string, E>,
  /** The segments that the parameters matched, decoded. */
  values: readonly string[],
) => T | undefined

interface Node<E> {
  readonly fixed: Map<string, Node<E>>
  parameter: Node<E> | undefined
  rest: Map<string, E> | undefined
  readonly endpoints: Map<string, E>
}
const node = <E>(): Node<E> => ({ fixed: new Map(), parameter: undefined, rest: undefined, endpoints: new Map() })

/** Paths by their segments. A search never takes more steps than the routes have segments, whatever a client sends. */
export class Trie<E extends Endpoint> {
  readonly #root: Node<E> = node()

  /** @throws TypeError where the method and path are there already */
  add(method: string, path: string, endpoint: E): void {
    let at = this.#root
    let endpoints: Map<string, E> | undefined
    for (const segment of segmentsOf(path)) {
      if (segment.endsWith('+}')) endpoints = at.rest ??= new Map()
      else if (segment.startsWith('{')) at = at.parameter ??= node()
      else {
        const next: Node<E> = at.fixed.get(segment) ?? node()
        at.fixed.set(segment, next)
        at = next
      }
    }
    endpoints ??= at.endpoints
    const before = endpoints.get(method)
    if (before)
      throw new TypeError(
        `the route ${method} ${path} is there already${before.path === path ? '' : `, as ${before.path}`}`,
      )
    endpoints.set(method, endpoint)
  }

  /** Visits what matches, the most particular first: fixed segments, then parameters, then the rest of a path. */
  find<T>(path: string, visit: Visit<E, T>): T | undefined {
    // `*`, and whatever else no request for a resource has.
    if (path[0] !== '/') return undefined
    return search(this.#root, path, 1, none, visit)
  }
}
const none: readonly string[] = []

/** @param start where the next segment begins */
const search = <E extends Endpoint, T>(
  at: Node<E>,
  path: string,
  start: number,
  values: readonly string[],
  visit: Visit<E, T>,
): T | undefined => {
  if (start > path.length) return at.endpoints.size > 0 ? visit(at.endpoints, values) : undefined
  const slash = path.indexOf('/', start)
  const end = slash < 0 ? path.length : slash
  const segment = decoded(path.slice(start, end))
  const fixed = at.fixed.get(segment)
  let found = fixed && search(fixed, path, end + 1, values, visit)
  if (found === undefined && at.parameter && segment !== '')
    found = search(at.parameter, path, end + 1, [...values, segment], visit)
  if (found === undefined && at.rest && /[^/]/.test(path.slice(start)))
    found = visit(at.rest, [...values, path.slice(start).split('/').map(decoded).join('/')])
  return found
}

const segmentsOf = (path: string) => path.slice(1).split('/')

const decoded = (segment: string) => {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * The parameters of a path in API Gateway's syntax.
 * @throws TypeError that says what is wrong with the path
 */
export const parameterNames = (path: string): readonly string[] => {
  const refuse = (why: string) => new TypeError(`the path ${JSON.stringify(path)}: ${why}`)
  if (typeof path !== 'string' || path[0] !== '/') throw refuse('it must begin with a slash')
  const names: string[] = []
  for (const [i, segment] of segmentsOf(path).entries()) {
    if (!/^:|[{}]/.test(segment)) continue
    const [, name, greedy] = /^\{([\w.:-]+)(\+?)\}$/.exec(segment) ?? []
    if (!name) throw refuse(`${segment} is no parameter, which takes a whole segment as {id}, or {proxy+}`)
    if (greedy && i < segmentsOf(path).length - 1) throw refuse(`${segment} must be the last segment`)
    if (names.includes(name)) throw refuse(`there are two {${name}}`)
    names.push(name)
  }
  return names
}

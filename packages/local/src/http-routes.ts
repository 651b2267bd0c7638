import { OptionsError } from './check.ts'

/** A route key of API Gateway, taken apart. */
export interface RouteKey {
  /** As in the event: `GET /orders/{id}`, or `$default`. */
  readonly key: string
  /** `ANY` for any. */
  readonly method: string
  /** None for `$default`. */
  readonly segments: readonly string[] | undefined
  /** The first segment of the url, which is no part of the path. */
  readonly stage?: string | undefined
}

/** The route that a request takes. */
export interface Match<To> {
  /** What the route leads to. */
  readonly to: To
  readonly key: string
  /** Percent-encoded, without the stage. */
  readonly path: string
  /** Decoded. */
  readonly parameters: Readonly<Record<string, string>> | undefined
  /** The parameters as they were sent. */
  readonly encoded: Readonly<Record<string, string>> | undefined
}

const methods = ['ANY', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'DELETE']
const parameter = /^\{[\w.:-]+\}$/
const greedy = /^\{[\w.:-]+\+\}$/

/**
 * Reads route keys, and bare paths: `/orders` is `ANY /orders` and `ANY /orders/{proxy+}`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @throws {OptionsError} for a key that API Gateway would refuse
 */
export function parseRouteKeys(keys: readonly string[], where: string): RouteKey[] {
  return keys.flatMap((key) => {
    if (key === '$default') return [{ key, method: 'ANY', segments: undefined }]
    if (!key.startsWith('/')) return [parse(key, where)]
    const path = key.replace(/\/$/, '')
    if (greedy.test(path.split('/').at(-1)!)) return [parse(`ANY ${path}`, where)]
    return [parse(`ANY ${path || '/'}`, where), parse(`ANY ${path}/{proxy+}`, where)]
  })
}

function parse(key: string, where: string): RouteKey {
  const [method = '', path = '', ...more] = key.split(' ')
  const wrong = (why: string) => new OptionsError(`${where}: \`${key}\` is no route key: ${why}`)
  if (!path.startsWith('/') || more.length)
    throw wrong("write a method and a path, as in 'GET /orders/{id}', or a path alone, as in '/orders', or '$default'")
  if (!methods.includes(method)) throw wrong(`the method is one of ${methods.join(', ')}`)
  const segments = split(path)
  segments.forEach((segment, i) => {
    if (greedy.test(segment) && i < segments.length - 1) throw wrong(`${segment} must come last`)
    if (/[{}]/.test(segment) && !parameter.test(segment) && !greedy.test(segment))
      throw wrong(`a parameter is a whole segment, as in /{id}`)
  })
  return { key, method, segments }
}

const split = (path: string) => path.slice(1).split('/')

/** Finds the route of a request: the most specific, as API Gateway does. */
export class RouteTable<To> {
  readonly #routes: { route: RouteKey; to: To }[] = []

  /** @throws {OptionsError} when the route leads elsewhere already */
  add(route: RouteKey, to: To, describe: (to: To) => string): void {
    const shape = (key: RouteKey) =>
      `${key.stage ?? ''} ${key.method} ${key.segments?.map((each) => each.replace(/\{[^+]*/, '{')).join('/')}`
    const taken = this.#routes.find((each) => shape(each.route) === shape(route))
    if (taken) throw new OptionsError(`${describe(to)} and ${describe(taken.to)} both want \`${route.key}\``)
    this.#routes.push({ route, to })
    this.#routes.sort((a, b) => compare(a.route, b.route))
  }

  /** @param url percent-encoded, as in the request */
  find(method: string, url: string): Match<To> | undefined {
    for (const { route, to } of this.#routes) {
      if (route.method !== 'ANY' && route.method !== method) continue
      const path = pathBelow(route.stage, url)
      if (path === undefined) continue
      const { key } = route
      if (!route.segments) return { to, key, path, parameters: undefined, encoded: undefined }
      const encoded = match(route.segments, split(path))
      if (!encoded) continue
      const pairs = Object.entries(encoded)
      if (!pairs.length) return { to, key, path, parameters: undefined, encoded: undefined }
      const parameters = Object.fromEntries(pairs.map(([name, value]) => [name, decode(value)]))
      return { to, key, path, parameters, encoded }
    }
    return undefined
  }
}

/** What is left of a url without its stage; none where it has another. */
function pathBelow(stage: string | undefined, url: string): string | undefined {
  if (stage === undefined) return url
  if (url === `/${stage}`) return '/'
  return url.startsWith(`/${stage}/`) ? url.slice(stage.length + 1) : undefined
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [i, part] of pattern.entries()) {
    const given = segments[i]
    if (given === undefined) return undefined
    if (greedy.test(part)) {
      const rest = segments.slice(i).join('/')
      if (!rest) return undefined
      parameters[part.slice(1, -2)] = rest
      return parameters
    }
    if (parameter.test(part)) {
      if (!given) return undefined
      parameters[part.slice(1, -1)] = given
    } else if (part !== decode(given)) return undefined
  }
  return pattern.length === segments.length ? parameters : undefined
}

/** A stage first; literal before parameter before greedy, segment by segment; a method before ANY; `$default` last. */
function compare(a: RouteKey, b: RouteKey): number {
  if (a.stage !== b.stage) return Number(!a.stage) - Number(!b.stage)
  if (!a.segments || !b.segments) return Number(!a.segments) - Number(!b.segments)
  const rank = (segment: string | undefined) =>
    segment === undefined ? 3 : greedy.test(segment) ? 2 : parameter.test(segment) ? 1 : 0
  for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
    const order = rank(a.segments[i]) - rank(b.segments[i])
    if (order) return order
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY')
}

/** What percent signs stand for; text that is no valid encoding stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

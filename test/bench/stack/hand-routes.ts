/** A router as a careful engineer writes one: a trie of path segments, built once. Frozen like `hand-http.ts`. */
import type { HttpApiEvent, LambdaContext } from './log.ts'
import { problemJson, problemType } from './problem.ts'
import { found, type RouteOf } from './routes.ts'

class Node {
  readonly fixed: Map<string, Node> = new Map()
  parameter: Node | undefined = undefined
  readonly methods: Map<string, { readonly route: RouteOf; readonly names: readonly string[] }> = new Map()
  allow = ''
}

export const routesByHand = (
  routes: readonly RouteOf[],
): ((event: HttpApiEvent, context: LambdaContext) => Promise<object>) => {
  const root = new Node()
  for (const route of routes) add(root, route)

  return async ({ rawPath, requestContext }, { awsRequestId }) => {
    const values: string[] = []
    const node = find(root, rawPath.split('/'), 1, values)
    if (!node) return problem(404, awsRequestId)
    const match = node.methods.get(requestContext.http.method)
    if (!match) return problem(405, awsRequestId, { allow: node.allow })
    const params: Record<string, string> = {}
    for (let i = 0; i < match.names.length; i++) params[match.names[i]!] = values[i]!
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(found(match.route, params)),
    }
  }
}

const add = (root: Node, route: RouteOf) => {
  let node = root
  const names: string[] = []
  for (const segment of route.path.split('/').slice(1)) {
    if (segment.startsWith('{')) {
      names.push(segment.slice(1, -1))
      node = node.parameter ??= new Node()
    } else {
      let next = node.fixed.get(segment)
      if (!next) node.fixed.set(segment, (next = new Node()))
      node = next
    }
  }
  node.methods.set(route.method, { route, names })
  node.allow = [...node.methods.keys()].join(', ')
}

/** A fixed segment goes before a parameter. */
const find = (node: Node, segments: readonly string[], at: number, values: string[]): Node | undefined => {
  const segment = segments[at]
  if (segment === undefined) return node.methods.size > 0 ? node : undefined
  const fixed = node.fixed.get(segment)
  const found = fixed && find(fixed, segments, at + 1, values)
  if (found) return found
  if (!node.parameter || segment === '') return undefined
  const depth = values.push(decode(segment))
  const below = find(node.parameter, segments, at + 1, values)
  if (!below) values.length = depth - 1
  return below
}

const decode = (segment: string) => {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const problem = (status: 404 | 405, requestId: string, headers: Record<string, string> = {}) => ({
  statusCode: status,
  headers: { 'content-type': problemType, ...headers },
  body: problemJson({ status }, requestId),
})

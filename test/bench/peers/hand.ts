import type { Counted, LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { orderByHand } from '../stack/hand-http.ts'
import { routesByHand } from '../stack/hand-routes.ts'
import { routesOf } from '../stack/routes.ts'
import { unwound } from '../stack/unwound.ts'

export const peer: Peer = { title: 'by hand', packages: ['@aws-lambda-powertools/logger'], order: 1 }

/** Async functions, each with the next one inside its try. */
export const around: Counted = (count) => {
  let nested = async (_event: unknown, _context: unknown) => ({ ok: true })
  for (let i = 0; i < count; i++) nested = within(nested)
  return nested
}

const within =
  (inner: (event: unknown, context: unknown) => Promise<{ ok: boolean }>) =>
  async (event: unknown, context: unknown) => {
    try {
      return await inner(event, context)
    } finally {
      unwound.count++
    }
  }

/** All fetched at once when the module is loaded; every invocation waits for what has long been there. */
export const resources: Counted = (count) => {
  const loading = Promise.all(Array.from({ length: count }, async (_, value) => ({ value })))
  return async () => {
    const loaded = await loading
    return { ok: loaded[0]?.value === 0 && loaded[count - 1]?.value === count - 1 }
  }
}

export const http: Make = () => orderByHand() as LambdaFunction

export const routes: Counted = (count) => routesByHand(routesOf(count)) as LambdaFunction

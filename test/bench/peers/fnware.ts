import { lambda } from '@fnware/core'
import { http as httpSource, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import type { Counted, LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { addingOn, aroundOn, emptyOn, overOn, plain, resourcesOn } from '../stack/fnware.ts'
import { Order, place } from '../stack/order.ts'
import { found, routesOf } from '../stack/routes.ts'

export const peer: Peer = {
  title: 'fnware',
  packages: ['@fnware/core', '@fnware/http', '@fnware/logger', '@aws-lambda-powertools/logger'],
  order: 2,
}

export const empty: Make = /* @__PURE__ */ emptyOn(plain)
export const adding: Counted = /* @__PURE__ */ addingOn(plain)
export const around: Counted = /* @__PURE__ */ aroundOn(plain)
export const over: Counted = /* @__PURE__ */ overOn(plain)
export const resources: Counted = /* @__PURE__ */ resourcesOn(plain)

export const http: Make = () =>
  lambda(httpSource())
    .use(logger({ service: 'orders' }))
    .input(Order)
    .handle(async ({ input }) => reply(201, await place(input)))

export const routes: Counted = (count) =>
  lambda(httpSource()).routes((r) => {
    for (const route of routesOf(count)) r[verbs[route.method]](route.path, ({ params }) => found(route, params))
  }) as LambdaFunction

const verbs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

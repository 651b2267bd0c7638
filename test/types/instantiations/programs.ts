const times = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

/** What the programs below share, and begin with. */
export const base = `
import { lambda, resource, stack } from '@fnware/core'
import { http, reply } from '@fnware/http'
import type { StandardSchemaV1 } from '@standard-schema/spec'
declare const Order: StandardSchemaV1<{ sku: string; quantity: number }>
declare const Id: StandardSchemaV1<unknown, { id: string }>
lambda(http()).handle(() => 1)
stack().use(resource('x', { init: () => 1 }))
`

/** A chain of so many steps: middlewares that add, resources that need one another, a middleware that replaces. */
export const steps = (count: number): string => {
  const step = (i: number) =>
    [
      `  .use((_, next) => next({ m${i}: ${i} }))`,
      `  .use(resource('r${i}', { init: () => ({ n: ${i} }) }))`,
      `  .use(resource('r${i}', { needs: ['r${i - 1}'], init: ({ r${i - 1} }) => r${i - 1}.n }))`,
      `  .use(async ({ m${i - 3} }, next) => next({ m${i - 3}: m${i - 3} }))`,
    ][i % 4] as string
  return `${base}
export const handler = lambda(http())
${times(count, step)}
  .handle(({ m0, r1, m${count - 2 - ((count - 2) % 4)} }) => [m0, r1.n, m${count - 2 - ((count - 2) % 4)}])`
}

/** So many routes: with parameters, with schemas that are checked, and with several answers. */
export const routes = (count: number): string => {
  const route = (i: number) =>
    [
      `  r.get('/a${i}/{id}', ({ params }) => params.id)`,
      `  r.post('/b${i}', { body: Order }, ({ body }) => reply(201, body.sku))`,
      `  r.put('/c${i}/{id}/{key+}', { params: Id, response: { 200: Order, 404: Id } }, ({ params, user }) =>
           params.id === user ? { sku: params.id, quantity: 1 } : reply(404, { id: params.id }))`,
      `  r.delete('/d${i}/{id}', ({ params, request }) => (request.path ? reply(204) : { id: params.id }))`,
    ][i % 4] as string
  return `${base}
export const handler = lambda(http()).use((_, next) => next({ user: 'x' })).routes((r) => {
${times(count, route)}
})`
}

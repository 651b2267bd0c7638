/** The routes of an API, in the order in which they are declared: `/orders/{id}` among them, as API Gateway writes paths. */
export interface RouteOf {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: `/${string}`
}

const twelve: readonly RouteOf[] = [
  { method: 'GET', path: '/health' },
  { method: 'GET', path: '/orders' },
  { method: 'POST', path: '/orders' },
  { method: 'GET', path: '/orders/{id}' },
  { method: 'PUT', path: '/orders/{id}' },
  { method: 'DELETE', path: '/orders/{id}' },
  { method: 'GET', path: '/orders/{id}/lines' },
  { method: 'POST', path: '/orders/{id}/lines' },
  { method: 'GET', path: '/orders/{id}/lines/{line}' },
  { method: 'GET', path: '/customers/{id}' },
  { method: 'PATCH', path: '/customers/{id}' },
  { method: 'GET', path: '/customers/{id}/orders' },
]

/** The routes of one of the twenty parts of a large API. */
const part = (name: string): RouteOf[] => [
  { method: 'GET', path: `/${name}` },
  { method: 'POST', path: `/${name}` },
  { method: 'GET', path: `/${name}/{id}` },
  { method: 'PUT', path: `/${name}/{id}` },
  { method: 'PATCH', path: `/${name}/{id}` },
  { method: 'DELETE', path: `/${name}/{id}` },
  { method: 'GET', path: `/${name}/{id}/notes` },
  { method: 'POST', path: `/${name}/{id}/notes` },
  { method: 'GET', path: `/${name}/{id}/notes/{note}` },
  { method: 'DELETE', path: `/${name}/{id}/notes/{note}` },
]
const names =
  'accounts addresses baskets brands carts categories customers deliveries discounts invoices items offers orders payments products refunds returns shops suppliers users'

export const routesOf = (count: number): readonly RouteOf[] =>
  count === 12 ? twelve : names.split(' ').flatMap(part).slice(0, count)

/** What every route answers: which it is, and what stood in its path. */
export const found = (route: RouteOf, params: Readonly<Record<string, string | undefined>>): object => ({
  route: `${route.method} ${route.path}`,
  id: params.id,
  part: params.line ?? params.note,
})

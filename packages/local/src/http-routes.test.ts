import { expect, test } from 'vitest'
import { OptionsError } from './check.ts'
import { parseRouteKeys, RouteTable } from './http-routes.ts'

function table(...keys: string[]) {
  const routes = new RouteTable<string>()
  for (const route of parseRouteKeys(keys, 'http')) routes.add(route, route.key, (target) => target)
  return (method: string, path: string) => routes.find(method, path)
}

test('the most specific route wins, in whatever order they were added', () => {
  const find = table('$default', 'ANY /pets/{proxy+}', 'GET /pets/{id}', 'ANY /pets/{id}', 'GET /pets/dog')
  expect(find('GET', '/pets/dog')?.key).toBe('GET /pets/dog')
  expect(find('POST', '/pets/dog')?.key).toBe('ANY /pets/{id}')
  expect(find('GET', '/pets/cat')).toMatchObject({ key: 'GET /pets/{id}', parameters: { id: 'cat' } })
  expect(find('GET', '/pets/cat/name')).toMatchObject({ key: 'ANY /pets/{proxy+}', parameters: { proxy: 'cat/name' } })
  expect(find('GET', '/elsewhere')).toMatchObject({ key: '$default', parameters: undefined })
})

test('a bare path is itself and all below, never what only begins alike', () => {
  const find = table('/orders')
  expect(find('GET', '/orders')?.key).toBe('ANY /orders')
  expect(find('PUT', '/orders/1/lines')).toMatchObject({
    key: 'ANY /orders/{proxy+}',
    parameters: { proxy: '1/lines' },
  })
  expect(find('GET', '/ordersandmore')).toBeUndefined()
  expect(find('GET', '/')).toBeUndefined()
})

test('the root as a bare path is everything', () => {
  const find = table('/')
  expect(find('GET', '/')?.key).toBe('ANY /')
  expect(find('GET', '/a/b')?.key).toBe('ANY /{proxy+}')
})

test('parameters are decoded; a broken encoding stays as it is; names of Object.prototype are but names', () => {
  const find = table('GET /a/{__proto__}/{constructor}')
  const { parameters } = find('GET', '/a/x%2Fy/%zz')!
  expect(Object.entries(parameters!)).toEqual([
    ['__proto__', 'x/y'],
    ['constructor', '%zz'],
  ])
})

test.each(['orders', 'GET', 'GET /a /b', 'get /a', 'GET /a{id}', 'GET /{a+}/b', 'GET /{}'])('%s is refused', (key) => {
  expect(() => parseRouteKeys([key], 'functions.a.http')).toThrow(OptionsError)
})

test('two routes of one shape are refused, whatever their parameters are called', () => {
  expect(() => table('GET /a/{id}', 'GET /a/{name}')).toThrow('both want `GET /a/{name}`')
  expect(() => table('GET /a/{id}', 'GET /a/{rest+}')).not.toThrow()
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parameterNames, Trie } from './trie.ts'

const trie = (...paths: string[]) => {
  const trie = new Trie<{ path: string; names: readonly string[] }>()
  for (const path of paths) trie.add('GET', path, { path, names: parameterNames(path) })
  return (path: string) => {
    const found: (string | undefined)[][] = []
    trie.find(path, (endpoints, values) => {
      found.push([endpoints.get('GET')?.path, ...values])
      return undefined
    })
    return found
  }
}

describe('a path', () => {
  const find = trie(
    '/',
    '/orders',
    '/orders/{id}',
    '/orders/latest',
    '/orders/{id}/items/{item}',
    '/files/{proxy+}',
    '/a/b/c',
    '/a/{x}/d',
  )
  test.each([
    ['/', [['/']]],
    ['/orders', [['/orders']]],
    ['/orders/7', [['/orders/{id}', '7']]],
    ['/orders/latest', [['/orders/latest'], ['/orders/{id}', 'latest']]],
    ['/orders/7/items/8', [['/orders/{id}/items/{item}', '7', '8']]],
    ['/files/a', [['/files/{proxy+}', 'a']]],
    ['/files/a//b/', [['/files/{proxy+}', 'a//b/']]],
    ['/files//a', [['/files/{proxy+}', '/a']]],
    ['/files/a/b%20c/d', [['/files/{proxy+}', 'a/b c/d']]],
    ['/a/b/d', [['/a/{x}/d', 'b']]],
    ['/orders/a%2Fb', [['/orders/{id}', 'a/b']]],
    ['/orders/caf%C3%A9', [['/orders/{id}', 'café']]],
    ['/orders/100%', [['/orders/{id}', '100%']]],
    ['/orders/constructor', [['/orders/{id}', 'constructor']]],
  ])('%s is found', (path, found) => {
    expect(find(path)).toEqual(found)
  })
  test.each([
    '/orders/',
    '/orders/7/',
    '/order',
    '/files',
    '/files/',
    '/files//',
    '/a/b',
    '/orders/7/items',
    '//',
    '/__proto__',
  ])('%s is not', (path) => {
    expect(find(path)).toEqual([])
  })
})

test('a declared path finds itself, whatever is declared beside it', () => {
  const segment = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('{x}', '{y}'))
  const path = fc
    .array(segment, { minLength: 1, maxLength: 5 })
    .map((all) => `/${all.map((s, i) => s.replace('}', `${i}}`)).join('/')}`)
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { minLength: 1, maxLength: 12, selector: (p) => p.replaceAll(/\{\w+\}/g, '{}') }),
      (paths) => {
        const find = trie(...paths)
        for (const path of paths) {
          const sent = path.replaceAll(/\{(\w+)\}/g, 'value-$1')
          expect(find(sent)[0]).toEqual([path, ...parameterNames(path).map((name) => `value-${name}`)])
        }
      },
    ),
  )
})

test('the same route twice is refused, also under another name for its parameter', () => {
  expect(() => trie('/a/{x}', '/a/{y}')).toThrow('the route GET /a/{y} is there already, as /a/{x}')
  expect(() => trie('/a', '/a')).toThrow(/^the route GET \/a is there already$/)
})

test.each([
  ['orders', 'must begin with a slash'],
  [5, 'must begin with a slash'],
  ['/orders/:id', ':id is no parameter, which takes a whole segment as {id}'],
  ['/orders/x{id}', 'x{id} is no parameter'],
  ['/orders/{id}x', '{id}x is no parameter, which takes a whole segment as {id}, or {proxy+}'],
  ['/orders/{id', '{id is no parameter'],
  ['/orders/{}', '{} is no parameter'],
  ['/{proxy+}/x', '{proxy+} must be the last segment'],
  ['/{id}/{id}', 'there are two {id}'],
])('the path %s is refused', (path, message) => {
  expect(() => parameterNames(path as string)).toThrow(TypeError)
  expect(() => parameterNames(path as string)).toThrow(message)
})

import { expect, test } from 'vitest'
import { treeOf } from './tree.ts'

test('names below a path are keys, and a slash goes deeper', () => {
  const values = new Map([
    ['/app/db/host', 'h'],
    ['/app/db/pool/size', '5'],
    ['/app/db/pool/idle/ms', '10'],
  ])
  expect(treeOf('/app/db/', values).tree).toEqual({ host: 'h', pool: { size: '5', idle: { ms: '10' } } })
  expect(treeOf('/app', values).tree).toEqual({ db: { host: 'h', pool: { size: '5', idle: { ms: '10' } } } })
  expect(treeOf('/', values).tree).toEqual({ app: { db: { host: 'h', pool: { size: '5', idle: { ms: '10' } } } } })
  expect(treeOf('/none/', new Map())).toEqual({ tree: {}, conflict: undefined })
})

test('no name reaches a prototype', () => {
  const { tree } = treeOf(
    '/a/',
    new Map([
      ['/a/__proto__/polluted', 'x'],
      ['/a/constructor', 'y'],
      ['/a/toString', 'z'],
    ]),
  )
  expect(Object.keys(tree)).toEqual(['__proto__', 'constructor', 'toString'])
  expect({}).not.toHaveProperty('polluted')
  expect(Object.getPrototypeOf(tree)).toBe(Object.prototype)
})

test.each([[['/a/b', '/a/b/c']], [['/a/b/c', '/a/b']], [['/a/b/c/d', '/a/b/c']]])(
  'a parameter with others below it is refused: %s',
  (names) => {
    expect(treeOf('/a/', new Map(names.map((name) => [name, 'hunter2']))).conflict).toBe(
      `'${names[1]}' and another parameter cannot be one key: a value, and what has values below it`,
    )
  },
)

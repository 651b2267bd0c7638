import { describe, expect, test } from 'vitest'
import { echo } from '../test/echo.ts'
import { batch } from './extend.ts'
import { lambda, resource, stack } from './index.ts'

// What the compiler refuses in a sentence is refused in one at run time too, where it is written.

const wrong = (fn: () => unknown) => {
  try {
    fn()
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'taken'
}
const queue = batch({
  name: 'queue',
  records: (event: readonly string[]) => event.map((id) => ({ id })),
  id: ({ id }) => id,
  open: (record) => record,
  payload: ({ id }) => id,
  answer: ({ undone }) => undone.length,
})

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'number'],
  ['x', 'string'],
  [{}, 'object'],
  [{ init: () => 1, key: 'a', needs: [] }, 'object'],
])('.use(%o)', (it, kind) => {
  const sentence = `TypeError: .use() takes a middleware, a resource or a stack, not ${kind}`
  expect(wrong(() => lambda().use(it as never))).toBe(sentence)
  expect(wrong(() => stack().use(it as never))).toBe(sentence)
})

test('a source that is not called', () => {
  const sentence = 'TypeError: lambda() takes a source: call it, lambda(http()) rather than lambda(http)'
  expect(wrong(() => lambda(echo as never))).toBe(sentence)
  expect(wrong(() => lambda({ name: 'x' } as never))).toBe(sentence)
})

test.each([
  [undefined, 'undefined'],
  [null, 'object'],
  ['x', 'string'],
  [{}, 'object'],
])('.handle(%o)', (fn, kind) => {
  const sentence = `TypeError: a function ends with a function, not ${kind}: .handle((ctx) => …)`
  expect(wrong(() => lambda().handle(fn as never))).toBe(sentence)
  expect(wrong(() => lambda(echo()).handle(fn as never))).toBe(sentence)
})

test('what is no schema', () => {
  const sentence = (verb: string) =>
    `TypeError: ${verb} takes a Standard Schema, such as zod's (https://standardschema.dev)`
  for (const it of [undefined, null, {}, { '~standard': {} }, { '~standard': { validate: 1 } }, { parse: () => 1 }]) {
    expect(wrong(() => lambda().input(it as never))).toBe(sentence('.input()'))
    expect(wrong(() => lambda(echo()).input(it as never))).toBe(sentence('.input()'))
    expect(wrong(() => lambda(queue).input(it as never))).toBe(sentence('.input()'))
    expect(wrong(() => lambda().output(it as never))).toBe(sentence('.output()'))
  }
})

describe('a resource', () => {
  const init = () => 1
  test.each(['event', 'context', 'signal', 'defer'])('called %s', (key) => {
    expect(wrong(() => resource(key, { init }))).toBe(
      `TypeError: \`${key}\` is already on the context: give this resource another key`,
    )
  })

  test('called as another is', () => {
    const sentence = 'TypeError: `a` is already on the context: give this resource another key'
    const chain = lambda().use(resource('a', { init }))
    expect(wrong(() => chain.use(resource('a', { init }) as never))).toBe(sentence)
    expect(wrong(() => chain.use(stack().use(resource('a', { init })) as never))).toBe(sentence)
  })

  test('that needs what is not there, or comes later', () => {
    const db = resource('db', { needs: ['url', 'secrets'] as never, init })
    const sentence = (key: string) =>
      `TypeError: the resource \`db\` needs \`${key}\`: .use() what provides it, earlier in the chain`
    expect(wrong(() => lambda().use(db as never))).toBe(sentence('url'))
    const url = lambda().use(resource('url', { init }))
    expect(wrong(() => url.use(db as never))).toBe(sentence('secrets'))
    expect(wrong(() => url.use(stack().use(db as never) as never))).toBe(sentence('secrets'))
    expect(wrong(() => url.use(resource('secrets', { init })).use(db as never))).toBe('taken')
    expect(wrong(() => stack().use(db as never))).toBe('taken')
  })

  test('of no resource’s shape', () => {
    expect(wrong(() => resource('a', { init: 1 as never }))).toBe("TypeError: resource('a'): `init` must be a function")
    expect(wrong(() => resource('a', { init, needs: 'b' as never }))).toBe(
      "TypeError: resource('a'): `needs` must be an array",
    )
    expect(wrong(() => resource('a', { init, dispose: 1 as never }))).toBe(
      "TypeError: resource('a'): `dispose` must be a function",
    )
  })
})

test('.each() without a function, or with options that are none', () => {
  const sentence = 'TypeError: .each() takes a function, and before it its middlewares'
  for (const args of [[], [undefined], [{}], [{}, {}]])
    expect(wrong(() => (lambda(queue).each as (...args: unknown[]) => unknown)(...args))).toBe(sentence)
  expect(wrong(() => lambda(queue).each(() => 1, { concurrency: '2' as never }))).toBe(
    'TypeError: .each(): `concurrency` must be a number from 0 up',
  )
})

import { expect, test } from 'vitest'
import { recorded } from '../test/written.ts'

const thrower = () => {
  throw new Error('hostile')
}
const traps = Object.fromEntries(
  ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'apply'].map((trap) => [trap, thrower]),
)
const proxy = new Proxy(() => {}, traps) as never
const self: Record<string, unknown> = {}
self.self = self
const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()
const hostile: readonly unknown[] = [
  proxy,
  revoked,
  Object.defineProperty({}, 'tenant', { enumerable: true, get: thrower }),
  { toJSON: thrower, toString: thrower, valueOf: thrower, [Symbol.toPrimitive]: thrower },
  Symbol('x'),
  10n,
  null,
  undefined,
  self,
  Object.create(null),
  () => {},
  '__proto__',
  { __proto__: { tenant: 'x' } },
  JSON.parse('{"__proto__": {"tenant": "x"}, "constructor": 1}'),
  new Date(Number.NaN),
  '\ud800',
]

test.each(hostile.map((value, index) => [index, value]))(
  'nothing given harms the handler, or what else is added: %i',
  async (_, value) => {
    const given = value as never
    let reached = false
    const { stored } = await recorded((metrics) => {
      metrics.add('placed', 1)
      metrics.add(given, 1)
      metrics.add('size', given)
      metrics.dimensions(given)
      metrics.dimensions({ tenant: given })
      metrics.with(given).add('latency', 1)
      metrics.with({ region: given }).add('latency', 1)
      metrics.metadata(given, 1)
      metrics.metadata('fine', 1)
      metrics.metadata('given', given)
      metrics.timestamp(given)
      metrics.dimensions({ region: 'eu' })
      reached = true
    })
    expect(reached).toBe(true)
    expect(stored.metrics.find(({ name }) => name === 'placed')).toMatchObject({
      values: [1],
      dimensions: { region: 'eu' },
    })
    expect(stored.metrics.flatMap(({ name, values }) => (name === 'latency' ? values : []))).toEqual([1, 1])
    expect(stored.metrics.some(({ name }) => name === 'size')).toBe(false)
    expect(stored.json).toEqual(stored.json.map(() => expect.objectContaining({ fine: 1 })))
  },
)

test('a name that objects have of their own is a name like any other', async () => {
  const { stored } = await recorded((metrics) => {
    for (const key of ['constructor', 'toString', 'hasOwnProperty', '__proto__', '']) {
      metrics.metadata(key, 1)
      metrics.add(key as never, 1)
      metrics.dimensions(JSON.parse(`{${JSON.stringify(key)}: "x"}`))
    }
    metrics.add('placed', 1)
  })
  expect(stored.metrics).toMatchObject([{ name: 'placed', dimensions: { service: 'orders' } }])
  expect(Object.keys(stored.json[0] ?? {})).toEqual(
    expect.arrayContaining(['constructor', 'toString', 'hasOwnProperty', '']),
  )
})

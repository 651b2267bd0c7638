import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { https, type Parameter, parameter, parameters, path } from './index.ts'

describe('options', () => {
  const unchecked = parameters as (definitions: unknown, options?: unknown) => unknown
  test.each([
    [() => unchecked({}, { tll: 5 }), 'parameters(): there is no option `tll`: did you mean `ttl`?'],
    [() => unchecked({}, { ttl: '5' }), 'parameters(): `ttl` must be a number from 0 up'],
    [() => unchecked({ a: '/a' }), "parameters(): `a` is no parameter: a: parameter('/its/name', Schema)"],
    [() => unchecked(undefined), 'parameters() takes an object of parameters'],
    [() => unchecked({}, { transport: {} }), 'parameters(): `transport` must have a `get`, as https() has'],
    [
      () => unchecked({ a: path('/a/', z.object({})) }, { transport: { get: async () => '' } }),
      'parameters(): `a` is a path, and the transport has none: https() or sdk(), or extension({ otherwise: https() })',
    ],
    [
      () => parameter(process.env.MISSING as string),
      'parameter() takes a parameter’s name or ARN: is an environment variable missing?',
    ],
    [() => parameter('app/url'), "parameter('app/url'): a name with slashes begins with one: '/app/url'"],
    [
      () => parameter('/app/ url'),
      "parameter('/app/ url'): a name is as in '/app/url', '/app/url:3' or '/app/url:label'",
    ],
    [
      () => parameter('/a', { lasy: true } as never),
      "parameter('/a'): there is no option `lasy`: did you mean `lazy`?",
    ],
    [
      () => parameter('/a', { format: 'lst' as never }),
      "parameter('/a'): there is no format `lst`: did you mean `list`?",
    ],
    [() => parameter('/a', 5 as never, { lazy: true }), "parameter('/a') takes a Standard Schema"],
    [() => path('app', z.object({})), "path('app'): a path is as in path('/app/db/', Schema)"],
    [() => path(undefined as never, z.object({})), 'path() takes a path: is an environment variable missing?'],
    [() => path('/a/', undefined as never), "path('/a/') takes a Standard Schema"],
    [() => https({ regoin: 'x' } as never), 'there is no option `regoin`: did you mean `region`?'],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(message.replace('’', "'"))
  })

  test('of the context are reserved', () => {
    expect(() => parameters({}, { key: 'event' })).toThrow('`event` is already on the context')
  })
})

test('a parameter may be no more than its type', () => {
  const found: Parameter<{ readonly port: number }> = parameter('/a', z.object({ port: z.number() }))
  expect(found).toMatchObject({ name: '/a', format: 'json', lazy: false })
})

import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import * as z from 'zod'
import { reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { https, type Parameter, parameter, parameters, path } from './index.ts'

const it = service()
const { put, below, called } = it
const Flags = z.object({ beta: z.boolean(), share: z.number() })

describe('parameters', () => {
  test('are text, JSON or lists, by the time the first invocation runs', async () => {
    const read = reader(
      parameters({
        url: parameter(put('https://example.com')),
        flags: parameter(put('{"beta":true,"share":0.5}'), Flags),
        hosts: parameter(put('a,b,c', 'StringList'), { format: 'list' }),
        loose: parameter(put('{"a":[1]}'), { format: 'json' }),
        port: parameter(put('80'), z.coerce.number(), { format: 'text' }),
        secure: parameter(put('hunter2', 'SecureString')),
        listed: parameter(put('1,2', 'StringList'), z.array(z.coerce.number()), { format: 'list' }),
      }),
    )
    const { url, flags, hosts, loose, port, secure, listed } = await read()
    expectTypeOf(url).toEqualTypeOf<string>()
    expectTypeOf(flags).toEqualTypeOf<{ beta: boolean; share: number }>()
    expectTypeOf(hosts).toEqualTypeOf<readonly string[]>()
    expectTypeOf(loose).toEqualTypeOf<unknown>()
    expectTypeOf(port).toEqualTypeOf<number>()
    expect([url, flags, hosts]).toEqual(['https://example.com', { beta: true, share: 0.5 }, ['a', 'b', 'c']])
    expect([loose, port, secure, listed]).toEqual([{ a: [1] }, 80, 'hunter2', [1, 2]])
    expect(called()).toEqual(['GetParameters 7'])
  })

  test('are fetched ten to a call, and each once', async () => {
    const names = Array.from({ length: 25 }, (_, i) => put(`${i}`))
    const twice = [...names, ...names].map((name, i) => [`p${i}`, parameter(name)] as const)
    const found = (await reader(parameters(Object.fromEntries(twice)))()) as Record<string, string>
    expect(twice.map(([key]) => found[key])).toEqual([...names, ...names].map((_, i) => `${i % 25}`))
    expect(called().sort()).toEqual(['GetParameters 10', 'GetParameters 10', 'GetParameters 5'])
  })

  test('are called for at the same time: no call waits for another', async () => {
    it.aws.fail('GetParameters', { hang: true, times: 3 })
    const many = Array.from({ length: 21 }, (_, i) => [`p${i}`, parameter(put(`${i}`))] as const)
    const read = reader(parameters(Object.fromEntries(many), { timeout: 500 }))
    await expect(read()).rejects.toThrow('no answer within 500 ms')
    expect(called()).toHaveLength(3)
    expect(await read()).toHaveProperty('p20', '20')
  })

  test('have versions and labels, which are other parameters', async () => {
    const name = put('one')
    it.aws.parameters.put(name, 'two')
    it.aws.parameters.put(name, 'three')
    it.aws.parameters.label(name, 2, 'live')
    const read = reader(
      parameters({
        now: parameter(name),
        first: parameter(`${name}:1`),
        live: parameter(`${name}:live`),
        arn: parameter(`arn:aws:ssm:eu-west-1:123456789012:parameter${name}`),
        old: parameter(`arn:aws:ssm:eu-west-1:123456789012:parameter${name}:1`),
      }),
    )
    const { now, first, live, arn, old } = await read()
    expect([now, first, live, arn, old]).toEqual(['three', 'one', 'two', 'three', 'one'])
  })

  test('are fetched once within their time to live, and anew after it', async () => {
    const pass = clock()
    const read = reader(
      parameters({ a: parameter(put('a')), b: path(below({ c: 'c' }), z.object({ c: z.string() })) }, { ttl: 60_000 }),
    )
    for (let i = 0; i < 100; i++) {
      await read()
      pass(440)
    }
    expect(called().sort()).toEqual(['GetParameters 1', 'GetParametersByPath'])
    pass(60_000)
    await read()
    expect(called().sort()).toEqual(['GetParameters 1', 'GetParametersByPath'])
  })

  test('are refreshed together under steady traffic, ten to a call as at first', async () => {
    vi.mocked(Math.random).mockRestore()
    const pass = clock()
    const many = Array.from({ length: 12 }, (_, i) => [`p${i}`, parameter(put(`${i}`))] as const)
    const read = reader(parameters(Object.fromEntries(many), { ttl: 60_000 }))
    for (let second = 0; second < 44; second++) {
      await read()
      pass(1000)
    }
    expect(called().sort()).toEqual(['GetParameters 10', 'GetParameters 2'])
    for (let second = 44; second < 60; second++) {
      await read()
      pass(1000)
    }
    expect(called().sort()).toEqual(['GetParameters 10', 'GetParameters 2'])
  })

  test('may have another key, so that there may be two of them', async () => {
    const handler = lambda()
      .use(parameters({ a: parameter(put('a')) }))
      .use(parameters({ b: parameter(put('b')) }, { key: 'others' }))
      .handle(({ parameters, others }) => [parameters.a, others.b])
    expect(await handler({}, fakeContext())).toEqual(['a', 'b'])
  })

  test('cannot be changed by who reads them', async () => {
    const { flags, list } = await reader(
      parameters({
        flags: parameter(put('{"beta":true,"share":1}'), Flags),
        list: parameter(put('a,b'), { format: 'list' }),
      }),
    )()
    expect(() => Object.assign(flags, { beta: false })).toThrow('read only')
    expect(() => (list as string[]).push('c')).toThrow('not extensible')
  })

  test('begin to be fetched by the first invocation elsewhere than on Lambda', async () => {
    const handler = lambda()
      .use(parameters({ a: parameter(put('a')) }))
      .handle(({ parameters }) => parameters.a)
    await handler.ready()
    expect(called()).toEqual([])
    expect(await handler.with({ parameters: { a: 'of a test' } })({}, fakeContext())).toEqual('of a test')
    expect(called()).toEqual([])
  })
})

describe('a path', () => {
  const Database = z.object({ host: z.string(), pool: z.object({ size: z.coerce.number() }) })

  test('is an object of what is below it, as deep as the names go', async () => {
    const name = below({ host: 'h', 'pool/size': '5', 'pool/idle/ms': '10' })
    const { db, whole } = await reader(parameters({ db: path(name, Database), whole: path(name, z.unknown()) }))()
    expectTypeOf(db).toEqualTypeOf<{ host: string; pool: { size: number } }>()
    expect(db).toEqual({ host: 'h', pool: { size: 5 } })
    expect(whole).toEqual({ host: 'h', pool: { size: '5', idle: { ms: '10' } } })
    expect(called()).toEqual(['GetParametersByPath'])
  })

  test('has as many pages as it takes', async () => {
    const values = Object.fromEntries(Array.from({ length: 34 }, (_, i) => [`p${i}`, `${i}`]))
    const { all } = await reader(parameters({ all: path(below(values), z.record(z.string(), z.string())) }))()
    expect(all).toEqual(values)
    expect(called()).toEqual(Array(4).fill('GetParametersByPath'))
  })

  test('may be written without its last slash, and may be empty', async () => {
    const name = below({ a: 'a' })
    it.aws.parameters.put(`${name.slice(0, -1)}x/b`, 'of another path')
    const Any = z.record(z.string(), z.string())
    const {
      with: a,
      without,
      none,
    } = await reader(
      parameters({ with: path(name, Any), without: path(name.slice(0, -1), Any), none: path('/test/none/', Any) }),
    )()
    expect([a, without, none]).toEqual([{ a: 'a' }, { a: 'a' }, {}])
  })
})

describe('lazy parameters', () => {
  test('load nothing until they are called', async () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule')
    const { rare, deep } = await reader(
      parameters({
        rare: parameter(put('{"beta":true,"share":1}'), Flags, { lazy: true }),
        deep: path(below({ a: 'a' }), z.object({ a: z.string() }), { lazy: true }),
      }),
    )()
    expectTypeOf(rare).toEqualTypeOf<() => Promise<{ beta: boolean; share: number }>>()
    expect(called()).toEqual([])
    expect(builtin).not.toHaveBeenCalled()
    expect([(await rare()).beta, await deep()]).toEqual([true, { a: 'a' }])
    expect(called().sort()).toEqual(['GetParameters 1', 'GetParametersByPath'])
  })

  test('are fetched once by all who call, in one call what is called at once, and within their time to live', async () => {
    const pass = clock()
    const read = reader(
      parameters({ a: parameter(put('a'), { lazy: true }), b: parameter(put('b'), { lazy: true }) }, { ttl: 60_000 }),
    )
    const { a, b } = await read()
    expect(await Promise.all([a(), a(), b(), (await read()).a()])).toEqual(['a', 'a', 'b', 'a'])
    pass(44_000)
    await a()
    expect(called()).toEqual(['GetParameters 2'])
    pass(17_000)
    await a()
    expect(called()).toEqual(['GetParameters 1'])
  })

  test('serve the last good value while the service cannot be had, and no longer than they may', async () => {
    const pass = clock()
    const { rare } = await reader(
      parameters({ rare: parameter(put('r'), { lazy: true }) }, { ttl: 60_000, stale: 60_000 }),
    )()
    await rare()
    it.aws.fail('GetParameters', { error: 'InternalServerError', status: 500 })
    pass(90_000)
    expect(await rare()).toBe('r')
    pass(60_000)
    await expect(rare()).rejects.toThrow("`parameters.rare`: '/test/parameter-")
    it.aws.heal()
    pass(10_000)
    expect(await rare()).toBe('r')
  })

  test('fail the call that needs them, and are tried again', async () => {
    const pass = clock()
    const { rare } = await reader(parameters({ rare: parameter('/test/late', { lazy: true }) }))()
    await expect(rare()).rejects.toMatchObject({ name: 'ParameterError', kind: 'missing', path: 'parameters.rare' })
    it.aws.parameters.put('/test/late', 'there')
    pass(6000)
    expect(await rare()).toBe('there')
  })
})

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

import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import * as z from 'zod'
import { reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { parameter, parameters, path } from './index.ts'

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
    const read = reader(parameters(Object.fromEntries(many), { timeout: 1000 }))
    await expect(read()).rejects.toThrow('no answer within 1000 ms')
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

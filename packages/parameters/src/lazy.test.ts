import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import * as z from 'zod'
import { reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { parameter, parameters, path } from './index.ts'

const it = service()
const { put, below, called } = it
const Flags = z.object({ beta: z.boolean(), share: z.number() })

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

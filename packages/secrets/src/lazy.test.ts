import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { invoke, reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { secret, secrets } from './index.ts'

const it = service()
const { create, called } = it
const Database = z.object({ username: z.string(), password: z.string(), port: z.coerce.number() })
const database = { username: 'app', password: 'hunter2', port: '5432' }

describe('lazy secrets', () => {
  test('load nothing until they are called', async () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule')
    const handler = reader(secrets({ rare: secret(create(database), Database, { lazy: true }) }))
    const { rare } = await invoke(handler)
    expect(called()).toEqual([])
    expect(builtin).not.toHaveBeenCalled()
    expect((await rare()).password).toBe('hunter2')
    expect(called()).toEqual(['GetSecretValue'])
  })

  test('are fetched once by all who call, and within their time to live', async () => {
    const pass = clock()
    const handler = reader(secrets({ rare: secret(create('r'), { lazy: true }) }, { ttl: 60_000 }))
    const { rare } = await invoke(handler)
    expect(await Promise.all([rare(), rare(), (await invoke(handler)).rare()])).toEqual(['r', 'r', 'r'])
    pass(44_000)
    await rare()
    expect(called()).toHaveLength(1)
    pass(17_000)
    await rare()
    expect(called()).toHaveLength(1)
  })

  test('are refreshed when they are called while they age', async () => {
    const pass = clock()
    const id = create('one')
    const { rare } = await invoke(reader(secrets({ rare: secret(id, { lazy: true }) }, { ttl: 60_000 })))
    await rare()
    it.aws.secrets.put(id, 'two')
    pass(55_000)
    expect(await rare()).toBe('two')
  })

  test('serve the last good value while the service cannot be had', async () => {
    const pass = clock()
    const { rare } = await invoke(
      reader(secrets({ rare: secret(create('r'), { lazy: true }) }, { ttl: 60_000, stale: 60_000 })),
    )
    await rare()
    it.aws.fail('GetSecretValue', { error: 'InternalServiceError', status: 500 })
    pass(90_000)
    expect(await rare()).toBe('r')
    pass(60_000)
    await expect(rare()).rejects.toThrow("`secrets.rare`: 'test/secret-")
    it.aws.heal()
    pass(10_000)
    expect(await rare()).toBe('r')
  })

  test('fail the call that needs them, and are tried again', async () => {
    const pass = clock()
    const handler = reader(secrets({ rare: secret('test/late', { lazy: true }) }))
    const { rare } = await invoke(handler)
    await expect(rare()).rejects.toMatchObject({ name: 'SecretError', kind: 'missing', path: 'secrets.rare' })
    it.aws.secrets.create('test/late', 'there')
    pass(6000)
    expect(await rare()).toBe('there')
  })
})

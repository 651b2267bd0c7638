import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { invoke, reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { secret, secrets } from './index.ts'

const it = service()
const { create, called } = it
const Database = z.object({ username: z.string(), password: z.string(), port: z.coerce.number() })

describe('a batch', () => {
  test('is one call for what is wanted at once, but for stages and versions', async () => {
    const id = create('one')
    it.aws.secrets.put(id, 'two')
    const handler = reader(
      secrets(
        {
          a: secret(create('a')),
          b: secret(create(new Uint8Array([1])), { format: 'binary' }),
          now: secret(id),
          again: secret(id),
          before: secret(id, { stage: 'AWSPREVIOUS' }),
        },
        { batch: true },
      ),
    )
    const { a, b, now, again, before } = await invoke(handler)
    expect([a, b, now, again, before]).toEqual(['a', new Uint8Array([1]), 'two', 'two', 'one'])
    expect(called().sort()).toEqual(['BatchGetSecretValue', 'GetSecretValue'])
  })

  test('is one call again when its values age', async () => {
    const pass = clock()
    const many = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`s${i}`, secret(create(`${i}`))]))
    const handler = reader(secrets(many, { batch: true, ttl: 60_000 }))
    for (let second = 0; second < 300; second++) {
      await invoke(handler)
      pass(1000)
    }
    const calls = called()
    expect(new Set(calls)).toEqual(new Set(['BatchGetSecretValue']))
    expect(calls.length).toBeLessThanOrEqual(1 + 300 / 45)
  })

  test('is of twenty at most', async () => {
    const many = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`s${i}`, secret(create(`${i}`))]))
    const values = (await invoke(reader(secrets(many, { batch: true })))) as Record<string, string>
    expect(Object.keys(many).map((key) => values[key])).toEqual(Array.from({ length: 45 }, (_, i) => `${i}`))
    expect(called()).toEqual(Array(3).fill('BatchGetSecretValue'))
  })

  test('may fail in part: each of its secrets says what is wrong with it', async () => {
    const handler = reader(
      secrets({ a: secret(create('a')), b: secret('test/none'), c: secret(create('c'), Database) }, { batch: true }),
    )
    await expect(invoke(handler)).rejects.toMatchObject({
      cause: {
        errors: [
          { path: 'secrets.b', kind: 'missing' },
          { path: 'secrets.c', kind: 'json' },
        ],
      },
    })
  })
})

import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { clock, service } from '../test/service.ts'
import { https, type Secret, secret, secrets } from './index.ts'

const { create, called } = service()
const Database = z.object({ username: z.string(), password: z.string(), port: z.coerce.number() })
const database = { username: 'app', password: 'hunter2', port: '5432' }

describe('secrets', () => {
  test('are JSON, text or bytes, by the time the first invocation runs', async () => {
    const handler = lambda()
      .use(
        secrets({
          database: secret(create(database), Database),
          stripe: secret(create('sk_live_1')),
          key: secret(create(new Uint8Array([1, 2, 255])), { format: 'binary' }),
          loose: secret(create('{"a":[1]}'), { format: 'json' }),
          checked: secret(create('short'), z.string().min(3), { format: 'text' }),
          bytes: secret(create(new TextEncoder().encode('{"a":1}')), z.object({ a: z.number() })),
        }),
      )
      .handle(({ secrets }) => [
        secrets.database,
        secrets.stripe,
        secrets.key,
        secrets.loose,
        secrets.checked,
        secrets.bytes,
      ])
    expect(await handler({}, fakeContext())).toEqual([
      { username: 'app', password: 'hunter2', port: 5432 },
      'sk_live_1',
      new Uint8Array([1, 2, 255]),
      { a: [1] },
      'short',
      { a: 1 },
    ])
    expect(called()).toEqual(Array(6).fill('GetSecretValue'))
  })
})

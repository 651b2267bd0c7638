import { lambda, renew } from '@fnware/core'
import { interleave, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import { service } from '../test/service.ts'
import { secret, secrets } from './index.ts'

const it = service()

test('64 invocations share what is fetched, and nothing of one reaches another', async () => {
  const handler = lambda<{ mark: string; way: number }, unknown>()
    .use(
      secrets(
        {
          a: secret(it.create('A')),
          b: secret(it.create('B')),
          rare: secret(it.create('R'), { lazy: true }),
        },
        { batch: true },
      ),
    )
    .handle(async ({ event: { mark, way }, secrets }) => {
      await yields()
      const own: unknown[] = [mark, secrets.a]
      await yields()
      own.push(way === 1 ? await secrets.rare() : way === 2 ? await renew(() => secrets.b) : secrets.b)
      await yields()
      return own
    })
  await interleave(handler, (mark, i) => ({ mark, way: i % 3 }), {
    check: (result, { mark, way }) => expect(result).toEqual([mark, 'A', way === 1 ? 'R' : 'B']),
  })
  // A batch, the lazy one, and one renewal (with a look for a pending version).
  expect(it.called().sort()).toEqual(['BatchGetSecretValue', 'GetSecretValue', 'GetSecretValue', 'GetSecretValue'])
})

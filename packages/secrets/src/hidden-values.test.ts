import { lambda } from '@fnware/core'
import { hiddenIn } from '@fnware/core/extend'
import { fakeContext } from '@fnware/testing'
import { expect, test, vi } from 'vitest'
import * as z from 'zod'
import { invoke, reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { secret, secrets } from './index.ts'

const it = service()

test('every value that is fetched is one that no log shows', async () => {
  const handler = reader(
    secrets({
      database: secret(
        it.create({ username: 'app-user', password: 'of-the-database', host: 'db.internal' }),
        z.object({ password: z.string().transform((it) => it.toUpperCase()) }),
      ),
      text: secret(it.create('of-the-webhook')),
      bytes: secret(it.create(new Uint8Array([250, 251, 252, 253, 254, 255])), { format: 'binary' }),
      lazy: secret(it.create('of-the-lazy-one'), { lazy: true }),
    }),
  )
  expect(hiddenIn('of-the-database of-the-webhook')).toEqual([])
  const { lazy } = await invoke(handler)
  expect(
    hiddenIn(
      'app-user of-the-database of-the-webhook +vv8/f7/ fafbfcfdfeff OF-THE-DATABASE db.internal of-the-lazy-one',
    ),
  ).toEqual(['app-user', 'of-the-database', 'of-the-webhook', '+vv8/f7/', 'fafbfcfdfeff', 'OF-THE-DATABASE'])
  await lazy()
  expect(hiddenIn('of-the-lazy-one')).toEqual(['of-the-lazy-one'])
})

test('one that does not fit its schema is hidden before the schema sees it', async () => {
  const seen: (readonly string[])[] = []
  const Refusing = z.string().refine((value) => {
    seen.push(hiddenIn(`refused: ${value}`))
    return false
  })
  const handler = lambda()
    .use(secrets({ a: secret(it.create('not-what-it-was'), Refusing, { format: 'text' }) }))
    .handle(() => 1)
  await expect(handler({}, fakeContext())).rejects.toThrow('does not fit its schema')
  expect(seen[0]).toEqual(['not-what-it-was'])
})

test('what a rotation has replaced stays hidden', async () => {
  const pass = clock()
  const id = it.create('before-the-rotation')
  const handler = reader(secrets({ a: secret(id) }, { ttl: 60_000 }))
  await invoke(handler)
  it.aws.secrets.put(id, 'after-the-rotation')
  pass(61_000)
  expect(await invoke(handler)).toMatchObject({ a: 'after-the-rotation' })
  expect(hiddenIn('before-the-rotation, after-the-rotation')).toEqual(['before-the-rotation', 'after-the-rotation'])
  vi.useRealTimers()
})

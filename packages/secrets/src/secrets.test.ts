import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { invoke, reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { type Secret, secret, secrets, type Transport } from './index.ts'

const it = service()
const { create, called } = it
const Database = z.object({ username: z.string(), password: z.string(), port: z.coerce.number() })
const database = { username: 'app', password: 'hunter2', port: '5432' }

describe('secrets', () => {
  test('are JSON, text or bytes, by the time the first invocation runs', async () => {
    const handler = reader(
      secrets({
        database: secret(create(database), Database),
        stripe: secret(create('sk_live_1')),
        key: secret(create(new Uint8Array([1, 2, 255])), { format: 'binary' }),
        loose: secret(create('{"a":[1]}'), { format: 'json' }),
        checked: secret(create('short'), z.string().min(3), { format: 'text' }),
        bytes: secret(create(new TextEncoder().encode('{"a":1}')), z.object({ a: z.number() })),
      }),
    )
    const { database: db, stripe, key, loose, checked, bytes } = await invoke(handler)
    expect(db).toEqual({ username: 'app', password: 'hunter2', port: 5432 })
    expect([stripe, key, loose, checked, bytes]).toEqual([
      'sk_live_1',
      new Uint8Array([1, 2, 255]),
      { a: [1] },
      'short',
      { a: 1 },
    ])
    expect(called()).toEqual(Array(6).fill('GetSecretValue'))
  })

  test('are fetched at the same time', async () => {
    const asked: (() => void)[] = []
    const transport: Transport = {
      get: (request) =>
        new Promise((resolve) => {
          asked.push(() => resolve({ version: '1', text: request.id }))
          if (asked.length === 3) for (const answer of asked) answer()
        }),
    }
    const { a, b, c } = await invoke(reader(secrets({ a: secret('x'), b: secret('y'), c: secret('z') }, { transport })))
    expect([a, b, c]).toEqual(['x', 'y', 'z'])
  })

  test('are fetched once within their time to live, and anew after it', async () => {
    const pass = clock()
    const handler = reader(secrets({ a: secret(create('a')), b: secret(create('b')) }, { ttl: 60_000 }))
    for (let i = 0; i < 100; i++) {
      await invoke(handler)
      pass(440)
    }
    expect(called()).toHaveLength(2)
    pass(60_000)
    await invoke(handler)
    expect(called()).toHaveLength(2)
  })

  test('that are the same are fetched once, however they are read', async () => {
    const id = create(database)
    const handler = reader(
      secrets({
        typed: secret(id, Database),
        text: secret(id),
        current: secret(id, { stage: 'AWSCURRENT' }),
        previous: secret(id, { stage: 'AWSCURRENT', format: 'json' }),
      }),
    )
    const values = await invoke(handler)
    expect([values.typed.port, values.text, values.current]).toEqual([5432, ...Array(2).fill(JSON.stringify(database))])
    expect(called()).toHaveLength(1)
  })

  test('have versions and stages, which are other secrets', async () => {
    const id = create('one')
    const two = it.aws.secrets.put(id, 'two')
    it.aws.secrets.put(id, 'three')
    const handler = reader(
      secrets({
        now: secret(id),
        before: secret(id, { stage: 'AWSPREVIOUS' }),
        fixed: secret(id, { version: two }),
      }),
    )
    const { now, before, fixed } = await invoke(handler)
    expect([now, before, fixed]).toEqual(['three', 'two', 'two'])
  })

  test('may have another key, so that there may be two of them', async () => {
    const handler = lambda()
      .use(secrets({ a: secret(create('a')) }))
      .use(secrets({ b: secret(create('b')) }, { key: 'others' }))
      .handle(({ secrets, others }) => [secrets.a, others.b])
    expect(await invoke(handler)).toEqual(['a', 'b'])
  })

  test('cannot be changed by who reads them', async () => {
    const { database: db } = await invoke(reader(secrets({ database: secret(create(database), Database) })))
    expect(() => Object.assign(db, { password: 'x' })).toThrow('read only')
  })

  test('begin to be fetched by the first invocation elsewhere than on Lambda', async () => {
    const handler = reader(secrets({ a: secret(create('a')) }))
    await handler.ready()
    expect(called()).toEqual([])
    expect(await handler.with({ secrets: { a: 'of a test' } })({}, fakeContext())).toEqual({ a: 'of a test' })
    expect(called()).toEqual([])
  })
})

describe('options', () => {
  const unchecked = secrets as (definitions: unknown, options?: unknown) => unknown
  test.each([
    [() => unchecked({}, { tll: 5 }), 'secrets(): there is no option `tll`: did you mean `ttl`?'],
    [() => unchecked({}, { ttl: '5' }), 'secrets(): `ttl` must be a number from 0 up'],
    [() => unchecked({ a: 'prod/a' }), "secrets(): `a` is no secret: a: secret('its name', Schema)"],
    [
      () => unchecked(Object.fromEntries([['then', secret('a', { lazy: true })]])),
      'secrets(): `then` is no name for a secret',
    ],
    [() => unchecked(undefined), 'secrets() takes an object of secrets'],
    [
      () => unchecked({ a: secret('a') }, { batch: true, transport: { get: async () => ({}) } }),
      'secrets(): `batch` takes a transport that has one: https() or sdk()',
    ],
    [
      () => unchecked({ a: secret('a') }, { transport: {} }),
      'secrets(): `transport` must have a `get`, as https() has',
    ],
    [
      () => secret(process.env.MISSING as string),
      'secret() takes a secret’s name or ARN: is an environment variable missing?',
    ],
    [() => secret('a', { lasy: true } as never), "secret('a'): there is no option `lasy`: did you mean `lazy`?"],
    [() => secret('a', { format: 'jsn' as never }), "secret('a'): there is no format `jsn`: did you mean `json`?"],
    [() => secret('a', { parse: () => 1 } as never), "secret('a'): there is no option `parse`"],
    [() => secret('a', 5 as never, { lazy: true }), "secret('a') takes a Standard Schema"],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(message.replace('’', "'"))
  })

  test('of the context are reserved', () => {
    expect(() => secrets({}, { key: 'event' })).toThrow('`event` is already on the context')
  })
})

test('a secret may be no more than its type', () => {
  const found: Secret<{ readonly port: number }> = secret('a', z.object({ port: z.number() }))
  expect(found.request).toEqual({ id: 'a', stage: undefined, version: undefined })
})

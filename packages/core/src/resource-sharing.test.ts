import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda, resource } from './index.ts'

describe('a resource', () => {
  test('is one value per process, whichever functions use it', async () => {
    let made = 0
    const db = resource('db', { init: () => ({ n: ++made }) })
    const one = lambda()
      .use(db)
      .handle((ctx) => ctx.db)
    const other = lambda(echo())
      .use(db)
      .handle((ctx) => ctx.db)
    const a = await one({}, fakeContext())
    expect(await other({ n: 1 }, fakeContext())).toEqual({ value: a })
    expect(made).toBe(1)
    await one.dispose()
    expect(await other({ n: 1 }, fakeContext())).toEqual({ value: { n: 2 } })
  })

  test('that one function disposes of while another starts is made again', async () => {
    let made = 0
    const quick = resource('quick', { init: () => ++made })
    const slow = resource('slow', { init: () => sleep(30, 'slow') })
    const one = lambda()
      .use(quick)
      .handle(({ quick }) => quick)
    const other = lambda()
      .use(quick)
      .use(slow)
      .handle(({ quick, slow }) => [quick, slow])
    const starting = other({}, fakeContext())
    await sleep(5)
    await one({}, fakeContext())
    await one.dispose()
    expect(await starting).toEqual([2, 'slow'])
  })

  test('is made apart where it sees other resources', async () => {
    const db = resource('db', { needs: ['url'], init: ({ url }: { url: string }) => `db at ${url}` })
    const at = (url: string) =>
      lambda()
        .use(resource('url', { init: () => url }))
        .use(db)
        .handle((ctx) => ctx.db)
    expect([await at('a')({}, fakeContext()), await at('b')({}, fakeContext())]).toEqual(['db at a', 'db at b'])
  })

  test('given twice is one; another under its key is refused, and so is an unknown need', () => {
    const a = resource('a', { init: () => 1 })
    expect(() =>
      lambda()
        .use(a)
        .use(a as never),
    ).not.toThrow()
    expect(() =>
      lambda()
        .use(a)
        .use(resource('a', { init: () => 2 }) as never),
    ).toThrow('`a` is already on the context')
    expect(() => resource('signal', { init: () => 1 })).toThrow('`signal` is already on the context')
    expect(() => lambda().use({ ...a, needs: ['secretz'] } as never)).toThrow('the resource `a` needs `secretz`')
    expect(() => resource('a', { init: () => 1, disposes: () => {} } as never)).toThrow(
      "resource('a'): there is no option `disposes`: did you mean `dispose`?",
    )
  })

  test('is disposed of in reverse, all of them, and made anew by the next invocation', async () => {
    const log: string[] = []
    const logged = <Key extends string>(key: Key) =>
      resource(key, {
        init: () => key,
        dispose: (value) => {
          log.push(value)
          if (value === 'b') throw new Error('b')
        },
      })
    const handler = lambda()
      .use(logged('a'))
      .use(logged('b'))
      .use(logged('c'))
      .handle(({ a, b, c }) => a + b + c)
    await handler({}, fakeContext())
    await expect(handler.dispose()).rejects.toBeInstanceOf(AggregateError)
    expect(log).toEqual(['c', 'b', 'a'])
    expect(await handler({}, fakeContext())).toBe('abc')
  })
})

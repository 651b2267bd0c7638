import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { type Init, lambda, type Resource, resource } from './index.ts'

const of = <Key extends string, Value>(key: Key, value: Value) => resource(key, { init: () => value })

describe('on the context a resource', () => {
  test('may be replaced for one invocation by what a middleware makes of it', async () => {
    const handler = lambda<boolean>()
      .use(of('db', { name: 'db' }))
      .use(({ event, db }, next) => next({ db: event ? { ...db, name: 'of this invocation' } : db }))
      .handle(({ db }) => db.name)
    expect(await handler(true, fakeContext())).toBe('of this invocation')
    expect(await handler(false, fakeContext())).toBe('db')
  })

  test('may be without a value', async () => {
    const handler = lambda()
      .use(of('nothing', undefined))
      .handle((ctx) => ['nothing' in ctx, ctx.nothing])
    expect(await handler({}, fakeContext())).toEqual([true, undefined])
  })
})

describe('in two functions a resource', () => {
  const counted = () => {
    let made = 0
    return resource('db', { init: () => ++made })
  }
  const first = of('first', 1)

  test('is one where what stands before it is the same, or is not there', async () => {
    const db = counted()
    const one = lambda()
      .use(first)
      .use(db)
      .handle((ctx) => ctx.db)
    const same = lambda()
      .use(first)
      .use(db)
      .handle((ctx) => ctx.db)
    const alone = lambda()
      .use(db)
      .handle((ctx) => ctx.db)
    expect([await one({}, fakeContext()), await same({}, fakeContext()), await alone({}, fakeContext())]).toEqual([
      1, 1, 1,
    ])
  })

  test('is two where something else stands before it', async () => {
    const db = counted()
    const at = (before: Resource<{}, 'first', number>) =>
      lambda()
        .use(before)
        .use(db)
        .handle((ctx) => ctx.db)
    expect([await at(first)({}, fakeContext()), await at(of('first', 2))({}, fakeContext())]).toEqual([1, 2])
  })
})

describe('an init', () => {
  test('is shown the resources before it by name, and those alone', async () => {
    const seen: string[][] = []
    const looks = resource('looks', {
      init: (resources: object) => {
        seen.push(Object.keys(resources), [...(['a', 'looks', 'later'] as const).filter((key) => key in resources)])
      },
    })
    const handler = lambda()
      .use(of('a', 1))
      .use(looks)
      .use(of('later', 2))
      .handle(() => 1)
    await handler({}, fakeContext())
    expect(seen).toEqual([['a'], ['a']])
  })

  test('fails with what it needs, which is told once', async () => {
    const fails: Resource<{}, 'a', number> = resource('a', {
      init: () => {
        throw new Error('down')
      },
    })
    let begun = false
    const handler = lambda()
      .use(fails)
      .use(
        resource('b', {
          needs: ['a'],
          init: () => {
            begun = true
          },
        }),
      )
      .handle(() => 1)
    await expect(handler({}, fakeContext())).rejects.toMatchObject({
      name: 'ResourceError',
      message: 'the resource `a` could not be made: down',
    })
    expect(begun).toBe(false)
  })
})

describe('a selector', () => {
  /** A resource that gives what its selector read: when it is made, and whenever it is asked. */
  const reads = <Needs extends object, T>(
    select: (resources: Needs) => T,
  ): Resource<Needs, 'read', { readonly first: Awaited<T>; again(): Promise<Awaited<T>> }> =>
    resource('read', {
      init: async (_: {}, { read }: Init<Needs>) => ({ first: await read(select), again: () => read(select) }),
    }) as never
  const slow = <Key extends string>(key: Key, log: string[]) =>
    resource(key, {
      init: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        log.push(key)
        return { value: key }
      },
    })

  test('waits for all that it reads, one after the other, and may be asynchronous', async () => {
    const log: string[] = []
    const handler = lambda()
      .use(slow('a', log))
      .use(slow('b', log))
      .use(reads(async ({ a, b }: { a: { value: string }; b: { value: string } }) => [a.value, b.value]))
      .handle(async ({ read }) => [read.first, await read.again(), log])
    expect(await handler({}, fakeContext())).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  test('that throws fails what asked for it', async () => {
    const handler = lambda()
      .use(of('a', 1))
      .use(
        reads(({ a }: { a: number }) => {
          throw new TypeError(`no use for ${a}`)
        }),
      )
      .handle(() => 1)
    await expect(handler({}, fakeContext())).rejects.toMatchObject({
      message: 'the resource `read` could not be made: no use for 1',
      cause: new TypeError('no use for 1'),
    })
  })

  test('that reads what fails, fails with it', async () => {
    const fails: Resource<{}, 'a', number> = resource('a', { init: () => Promise.reject(new Error('down')) })
    const handler = lambda()
      .use(fails)
      .use(reads(({ a }: { a: number }) => a))
      .handle(() => 1)
    const error = (await handler({}, fakeContext()).catch((error: unknown) => error)) as AggregateError
    expect(error.errors.map(({ message }) => message)).toEqual([
      'the resource `a` could not be made: down',
      'the resource `read` could not be made: the resource `a` could not be made: down',
    ])
    expect(error.message).toBe(error.errors.map(({ message }) => message).join('; '))
  })
})

import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { lambda, resource } from './index.ts'

interface Handle {
  readonly id: number
  readonly signal?: AbortSignal
}

/** A resource whose value has the id 0, and that numbers what it makes for invocations. */
const counted = () => {
  const ended: number[] = []
  let made = 0
  const handles = resource('handle', {
    init: (): Handle => ({ id: 0 }),
    perInvocation: (_, { signal, defer }): Handle => {
      const id = ++made
      defer(() => ended.push(id))
      return { id, signal }
    },
  })
  return { handles, ended }
}

describe('what a resource makes for each invocation', () => {
  test('is made once, when it is first read, and can tell when the invocation ends', async () => {
    const { handles, ended } = counted()
    const handler = lambda<boolean>()
      .use(handles)
      .handle((ctx) => {
        if (!ctx.event) return undefined
        const { handle } = ctx
        return [handle.id, ctx.handle === handle, handle.signal === ctx.signal]
      })
    expect(await handler(true, fakeContext())).toEqual([1, true, true])
    await handler(false, fakeContext())
    expect(await handler(true, fakeContext())).toEqual([2, true, true])
    expect(ended).toEqual([1, 2])
  })

  test('is told of the end when all that was deferred has ended, and may hold the answer back', async () => {
    const said: string[] = []
    const handles = resource('handle', {
      init: () => 'handle',
      perInvocation: (handle, { defer }) => {
        defer(async () => {
          said.push('given back')
          await new Promise((resolve) => setTimeout(resolve, 5))
          said.push('and gone')
        })
        return handle
      },
    })
    const handler = lambda<boolean>()
      .use(handles)
      .handle((ctx) => {
        if (!ctx.event) return
        const { handle, defer } = ctx
        defer(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5))
          said.push(`${handle} used`)
        })
      })
    await handler(true, fakeContext())
    expect(said.splice(0)).toEqual(['handle used', 'given back', 'and gone'])
    await handler(false, fakeContext())
    expect(said).toEqual([])
    const reading = lambda()
      .use(handles)
      .handle(({ handle }) => handle)
    await reading({}, fakeContext())
    expect(said).toEqual(['given back', 'and gone'])
  })

  test('is not what other resources see, nor what a test gives', async () => {
    const { handles } = counted()
    const seen: number[] = []
    const reader = resource('reader', {
      needs: ['handle'],
      init: ({ handle }: { handle: Handle }) => seen.push(handle.id),
    })
    const handler = lambda()
      .use(handles)
      .use(reader)
      .handle(({ handle }) => handle.id)
    expect(await handler({}, fakeContext())).toBe(1)
    expect(seen).toEqual([0])
    expect(await handler.with({ handle: { id: 7 } })({}, fakeContext())).toBe(7)
    expect(await handler.with({ handle: { id: 7 } }, { init: true })({}, fakeContext())).toBe(7)
  })

  test('may be replaced by a middleware, for its own invocation alone', async () => {
    const { handles } = counted()
    const handler = lambda<number>()
      .use(handles)
      .use(({ event, handle }, next) => next({ handle: event ? { ...handle, id: -event } : handle }))
      .handle(({ handle }) => handle.id)
    expect(await handler(5, fakeContext())).toBe(-5)
    expect(await handler(0, fakeContext())).toBe(2)
  })

  test('is its own invocation’s, however many are under way', async () => {
    const { handles, ended } = counted()
    const handler = lambda<number>()
      .use(handles)
      .handle(async (ctx) => {
        const { id } = ctx.handle
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
        return ctx.handle.id === id && !ended.includes(id) && id
      })
    const ids = await Promise.all(Array.from({ length: 64 }, (_, i) => handler(i, fakeContext())))
    expect(new Set(ids).size).toBe(64)
    expect(ids).not.toContain(false)
  })
})

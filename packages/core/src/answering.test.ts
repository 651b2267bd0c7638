import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { type Echo, echo } from '../test/echo.ts'
import { HttpError, InputError, lambda, type Source } from './index.ts'
import { reportTo } from './report.ts'

let warn: MockInstance
let error: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const lines = (log: MockInstance) => log.mock.calls.map(([line]) => String(line).split('\n', 1)[0])
const context = (timeout = 5000) => fakeContext({ awsRequestId: 'id', timeout })
const but = (changes: Partial<Source<Echo, { readonly n: number }>>): Source<Echo, { readonly n: number }> => ({
  ...echo(),
  ...changes,
})

describe('a source', () => {
  test('may take its time to answer', async () => {
    const source = but({ answer: async (value) => ({ value }), fail: async ({ message }) => ({ message }) })
    const handler = lambda(source).handle(({ n }) => {
      if (n === 2) throw new Error('x')
      return n
    })
    expect(await handler({ n: 1 }, context())).toEqual({ value: 1 })
    expect(await handler({ n: 2 }, context())).toEqual({ message: 'x' })
  })

  test.each([
    [
      'at once',
      () => {
        throw new Error('unwritable')
      },
    ],
    ['later', () => Promise.reject(new Error('unwritable'))],
  ])('that cannot answer a result, found %s, answers that', async (_, answer) => {
    const overs: unknown[] = []
    const handler = lambda(but({ answer }))
      .use((_, next) => next({}, (error) => overs.push(error)))
      .handle(({ n }) => n)
    expect(await handler({ n: 1 }, context())).toEqual({ error: 'Error', message: 'unwritable' })
    // The chain had come to a good end before.
    expect(overs).toEqual([undefined])
    expect(lines(error)).toEqual(['id: the invocation failed'])
  })

  test('that does not know an event answers that, with a context on which nothing stands yet', async () => {
    let ctx: object = {}
    const source = but({
      open: () => {
        throw new TypeError('not mine')
      },
      fail: ({ message }, context) => {
        ctx = { ...(context as object) }
        return { message }
      },
    })
    let handled = false
    const handler = lambda(source).handle(() => {
      handled = true
    })
    const event = { n: 1 }
    expect(await handler(event, context())).toEqual({ message: 'not mine' })
    expect(Object.keys(ctx)).toEqual(['event', 'context'])
    expect(handled).toBe(false)
  })

  describe.each([
    [
      'at once',
      (error: unknown) => {
        throw error
      },
    ],
    ['later', (error: unknown) => Promise.reject(error)],
  ])('that throws an error on %s', (_, throws: (error: unknown) => never | Promise<never>) => {
    const thrown = new Error('x')
    let refusals = 0
    beforeEach(() => {
      refusals = 0
    })
    /** Not for ever, should it be asked again and again. */
    const refuse = (error: unknown) => (++refusals > 9 ? { message: 'gave in' } : throws(error))
    const fails = (source: Source<Echo, { readonly n: number }>) =>
      lambda(source).handle(() => {
        throw thrown
      })({ n: 1 }, context())

    test('leaves it to Lambda, which logs it', async () => {
      const asked: Error[] = []
      const source = but({
        fail: (error) => {
          asked.push(error)
          return refuse(error)
        },
      })
      await expect(fails(source)).rejects.toBe(thrown)
      expect(asked).toEqual([thrown])
      expect(error).not.toHaveBeenCalled()
    })

    test('and it is another, is asked to answer that', async () => {
      const asked: string[] = []
      const source = but({
        fail: (error) => {
          asked.push(error.message)
          return error === thrown ? refuse('cannot write it') : { message: error.message }
        },
      })
      const message = '"cannot write it" was thrown, which is not an Error: throw new Error(…)'
      expect(await fails(source)).toEqual({ message })
      expect(asked).toEqual(['x', message])
      expect(lines(error)).toEqual(['id: the invocation failed'])
    })

    test('but asked to answer what it threw throws again, leaves that to Lambda', async () => {
      let asked = 0
      const source = but({ fail: () => refuse(new Error(`no. ${++asked}`)) })
      await expect(fails(source)).rejects.toThrow('no. 2')
      expect(asked).toBe(2)
    })

    test('tells a logger that took over, and how it ended those who deferred', async () => {
      const log: unknown[] = []
      const handler = lambda(but({ fail: refuse })).handle((ctx) => {
        reportTo(ctx, (...line) => log.push(line))
        ctx.defer(async ({ outcome, error, result, summary }) => {
          await sleep(1)
          log.push([outcome, error, result, summary])
        })
        throw thrown
      })
      await expect(handler({ n: 1 }, context())).rejects.toBe(thrown)
      expect(log).toEqual([
        ['error', 'the invocation failed', thrown],
        ['error', thrown, undefined, {}],
      ])
    })
  })

  test('that cannot describe itself is told so, and answers', async () => {
    const source = but({
      describe: () => {
        throw new Error('mute')
      },
    })
    const handler = lambda(source).handle((ctx) => ctx.defer(() => {}))
    expect(await handler({ n: 1 }, context())).toEqual({ value: undefined })
    expect(lines(warn)).toEqual(['id: the source cannot say what it answered'])
  })

  test('leaves a context behind that can be read', async () => {
    let kept: { readonly n?: number } = {}
    const handler = lambda(echo()).handle((ctx) => {
      kept = ctx
    })
    await handler({ n: 1 }, context())
    expect([kept.n, Object.keys(kept)]).toEqual([1, ['event', 'context', 'n']])
  })

  test('need not describe itself', async () => {
    const { describe: _, ...mute } = echo()
    const log: unknown[] = []
    const handler = lambda(mute).handle((ctx) => ctx.defer(({ summary }) => log.push(summary)))
    await handler({ n: 1 }, context())
    expect(log).toEqual([{}])
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('what is written down of an error', () => {
  test.each([
    ['that nobody expected', new Error('x'), 'error', ['id: the invocation failed']],
    ['of the function’s own', new HttpError(500), 'error', ['id: the invocation failed']],
    ['of the client’s', new HttpError(499), 'refused', []],
    ['of the client’s input', new InputError([]), 'refused', []],
  ])('%s', async (_, thrown, outcome, written) => {
    const outcomes: string[] = []
    const handler = lambda(echo()).handle((ctx) => {
      ctx.defer((ending) => outcomes.push(ending.outcome))
      throw thrown
    })
    await handler({ n: 1 }, context())
    expect(outcomes).toEqual([outcome])
    expect(lines(error)).toEqual(written)
  })
})

import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run, type Step } from '../test/hostile.ts'

// Who looks after a rejection of next() that its middleware dropped.

let theirs: NodeJS.UnhandledRejectionListener[]
let unhandled: unknown[]
beforeEach(() => {
  // The test runner's own would fail the run.
  theirs = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  unhandled = []
  process.on('unhandledRejection', (error) => unhandled.push(error))
})
afterEach(() => {
  process.removeAllListeners('unhandledRejection')
  for (const listener of theirs) process.on('unhandledRejection', listener)
})

const thrown = new Error('within')
const fails = async (): Promise<never> => {
  await turn()
  throw thrown
}
const passes: Step = (_, next) => next()
const awaits: Step = async (_, next) => await next()

describe.each(['plain', 'echo'] as const)('%s', (source) => {
  describe('in a chain that succeeds it stays the process’s', () => {
    test.each<[string, Step]>([
      [
        'of a middleware that replies at once',
        (_, next) => {
          next()
          return Promise.resolve('reply')
        },
      ],
      [
        'of one that replies later',
        async (_, next) => {
          next()
          await Promise.resolve()
          return 'reply'
        },
      ],
      [
        'of one that goes on when it has replied',
        async (_, next) => {
          setImmediate(next)
          return 'reply'
        },
      ],
      [
        'of one that goes on before it replies',
        async (_, next) => {
          await turn()
          next()
          return 'reply'
        },
      ],
    ])('%s', async (_, step) => {
      for (const steps of [[step], [passes, step], [awaits, step]]) {
        const [outcome] = await run(source, steps, fails)
        expect(outcome).toBe('reply')
        expect(unhandled.splice(0)).toEqual([thrown])
      }
    })
  })

  describe('in a chain that fails it is nobody’s', () => {
    test.each<[string, Step]>([
      [
        'of a middleware that throws at once',
        (_, next) => {
          next()
          throw new Error('mine')
        },
      ],
      [
        'of one that throws later',
        async (_, next) => {
          next()
          await Promise.resolve()
          throw new Error('mine')
        },
      ],
      [
        'of one that goes on when it has failed',
        async (_, next) => {
          setImmediate(next)
          throw new Error('mine')
        },
      ],
    ])('%s', async (_, step) => {
      for (const steps of [[step], [passes, step], [awaits, step], [step, passes], [step, awaits]]) {
        const [outcome] = await run(source, steps, fails)
        expect(outcome).toBe('mine')
        expect(unhandled).toEqual([])
      }
    })
  })

  test.each<[string, Step[], () => unknown, unknown]>([
    ['a result', [], () => 'fine', 'fine'],
    [
      'what is thrown at once',
      [],
      () => {
        throw thrown
      },
      thrown,
    ],
    ['what is thrown later', [], fails, thrown],
    ['a reply', [async () => 'reply'], fails, 'reply'],
    ['what another middleware passes on', [passes], () => 'fine', 'fine'],
    ['what another makes of it', [awaits], () => 'fine', 'fine'],
  ])('who goes on when its chain has failed is given %s', async (_, within, handler, gives) => {
    const given: unknown[] = []
    const late: Step = async (_, next) => {
      setImmediate(() =>
        next().then(
          (value) => given.push(value),
          (error) => given.push(error),
        ),
      )
      throw new Error('mine')
    }
    const [outcome] = await run(source, [late, ...within], handler)
    expect(outcome).toBe('mine')
    expect(given).toEqual([gives])
    expect(unhandled).toEqual([])
  })
})

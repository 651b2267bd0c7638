import { setTimeout } from 'node:timers/promises'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { lambda } from '../src/index.ts'
import { echo } from './echo.ts'

/** A middleware as JavaScript may write it. */
export type Step = (ctx: Record<string, unknown>, next: (...args: unknown[]) => Promise<unknown>) => unknown

export const fail = (message: string): never => {
  throw new Error(message)
}
export const soon = (): Promise<unknown> => setTimeout(0)
export const thenable = (then: (...settle: ((value: unknown) => void)[]) => unknown): object =>
  Object.defineProperty({}, 'then', { value: then, enumerable: true })

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
const round = new Error('round')
round.cause = round

/** What throws as soon as somebody looks at it. */
export const bad: Readonly<Record<'proxy' | 'revoked' | 'thenable' | 'error' | 'cause' | 'round', object>> = {
  proxy: new Proxy(
    {},
    { get: () => fail('get'), getPrototypeOf: () => fail('getPrototypeOf'), ownKeys: () => fail('ownKeys') },
  ),
  revoked: revoked(),
  thenable: Object.defineProperty({}, 'then', { get: () => fail('then') }),
  error: new Proxy(new Error('x'), { get: () => fail('get') }),
  cause: new Error('outer', { cause: revoked() }),
  round,
}

export const handlers: Readonly<Record<'returns' | 'fails', () => Promise<string>>> = {
  returns: async () => {
    await soon()
    return 'fine'
  },
  fails: async () => {
    await soon()
    return fail('the handler’s')
  },
}

/**
 * What comes of an invocation, as text, and what went to the console, when all that it left behind has settled.
 * @param source without one, errors are Lambda's to see; `echo` answers them
 */
export const run = async (
  source: 'plain' | 'echo',
  steps: Step | readonly Step[],
  handler: (ctx: never) => unknown = handlers.returns,
  timeout = 30_000,
): Promise<readonly [outcome: unknown, stderr: string]> => {
  const plain = () => lambda<unknown, unknown>()
  let chain = source === 'echo' ? (lambda(echo()) as unknown as ReturnType<typeof plain>) : plain()
  for (const step of [steps].flat()) chain = chain.use(step as never) as typeof chain
  const invoke = chain.handle(handler as () => unknown)
  const { result, logs } = await collectLogs(async () => {
    const outcome = await invoke({ n: 1 }, fakeContext({ timeout, awsRequestId: 'id' })).then((value: unknown) => {
      const { value: result, message } = Object(value) as { value?: unknown; message?: string }
      return result ?? message ?? value
    }, messageOf)
    for (let i = 0; i < 5; i++) await soon()
    return outcome
  })
  return [result, logs.stderr]
}

const messageOf = (error: Error) => {
  try {
    return error.message
  } catch (thrown) {
    return (thrown as Error).message
  }
}

/** Fails each test that leaves a rejection which nobody handles: in Lambda that ends the process. */
export const refuseUnhandled = (): void => {
  const unhandled: unknown[] = []
  const listener = (reason: unknown) => void unhandled.push(reason)
  beforeAll(() => void process.on('unhandledRejection', listener))
  afterAll(() => void process.off('unhandledRejection', listener))
  afterEach(() => expect(unhandled.splice(0)).toEqual([]))
}

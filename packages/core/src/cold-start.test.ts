import { fakeContext } from '@fnware/testing'
import { beforeEach, expect, test, vi } from 'vitest'

/** As in an environment that is new. */
const environment = async (type?: string) => {
  vi.resetModules()
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('fnware.first')]
  if (type) vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', type)
  const { lambda } = await import('./index.ts')
  const { coldStartOf } = await import('./cold-start.ts')
  return lambda().handle((ctx) => [coldStartOf(ctx), coldStartOf(ctx)])
}
beforeEach(() => vi.unstubAllEnvs())

test('the first invocation, whoever asks and however often, and no other', async () => {
  const handler = await environment()
  expect(await handler({}, fakeContext())).toEqual([true, true])
  expect(await handler({}, fakeContext())).toEqual([false, false])
})

test.each(['provisioned-concurrency', 'lambda-managed-instances'])(
  'never where it was initialised before: %s',
  async (type) => {
    const handler = await environment(type)
    expect(await handler({}, fakeContext())).toEqual([false, false])
  },
)

test('of 64 at once there is one', async () => {
  const handler = await environment()
  const all = await Promise.all(Array.from({ length: 64 }, () => handler({}, fakeContext())))
  expect(all.filter(([cold]) => cold)).toEqual([[true, true]])
})

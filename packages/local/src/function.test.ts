import { expect, onTestFinished, test } from 'vitest'
import { Concurrency } from './concurrency.ts'
import { ownRuntime } from './environment.ts'
import type { LambdaEvent } from './events.ts'
import { LambdaFunction } from './function.ts'
import { taskRoot, until } from './testing.ts'
import { Tracing } from './tracing/tracing.ts'

/** A function whose INIT may take no longer than `initLimit` ms, where Lambda gives 10 s. */
async function limited(source: string, timeout: number, initLimit: number, idleLimit = 60_000) {
  const events: LambdaEvent[] = []
  const options = { code: await taskRoot({ 'index.mjs': source }), handler: 'index.handler', timeout }
  const emit = (event: LambdaEvent) => events.push(event)
  const endpoint = () => undefined
  const tracing = new Tracing(emit)
  const concurrency = new Concurrency(10, new Map())
  const made = new LambdaFunction(options, {
    name: 'f',
    region: 'us-east-1',
    runtime: ownRuntime,
    initLimit,
    idleLimit,
    concurrency,
    endpoint,
    tracing,
    emit,
  })
  onTestFinished(async () => {
    await made.close()
    await tracing.close()
  })
  return { made, events }
}

const slow = (ms: number) => `await new Promise(r => setTimeout(r, ${ms})); export const handler = async () => 'there'`

test('an INIT over its limit begins once more within the invocation', async () => {
  const { made, events } = await limited(slow(700), 5, 300)
  expect(await made.invoke('{}')).toMatchObject({ payload: '"there"' })
  const lines = events.flatMap((event) => (event.type === 'log' ? [event.line] : []))
  expect(lines).toEqual(['INIT_REPORT Init Duration: 300.00 ms\tPhase: init\tStatus: timeout'])
  expect(made.environments).toHaveLength(1)
})

test('and counts against the function’s timeout then', async () => {
  const { made } = await limited(slow(60_000), 1, 300)
  const result = await made.invoke('{}')
  expect(JSON.parse(result.payload)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${result.requestId} Error: Task timed out after 1.00 seconds`,
  })
  await until(() => made.environments.length === 0)
})

test('warm() and update() say that INIT took too long', async () => {
  const { made } = await limited(slow(60_000), 1, 300)
  await expect(made.warm()).rejects.toMatchObject({
    name: 'Sandbox.Timedout',
    message: 'INIT was not over after 0.30 seconds',
  })
  await expect(made.update({ ...made.options })).rejects.toMatchObject({ name: 'Sandbox.Timedout' })
  await until(() => made.environments.length === 0)
})

test('environments that nobody needs end, all but one, and no invocation is lost by it', async () => {
  const source = "export const handler = () => new Promise(r => setTimeout(r, 200, 'done'))"
  const { made, events } = await limited(source, 5, 10_000, 500)
  const answers = await Promise.all([1, 2, 3].map(() => made.invoke('{}')))
  const all = made.environments.map(({ id }) => id)
  expect(all).toHaveLength(3)
  await until(() => made.environments.length === 1)
  const [left] = made.environments
  expect(all).toContain(left!.id)
  await new Promise((later) => setTimeout(later, 800))
  expect(made.environments).toEqual([left])
  answers.push(await made.invoke('{}'))
  expect(answers.map(({ payload }) => payload)).toEqual(Array.from({ length: 4 }, () => '"done"'))
  expect(left!.invocations).toBe(2)
  expect(events.filter(({ type }) => type === 'exit')).toEqual([])
})

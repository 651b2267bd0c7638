import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startXRay, type XRay } from 'test-telemetry'
import { expect, onTestFinished, test } from 'vitest'
import { powertools } from '../powertools.ts'

const folder = join(import.meta.dirname, '../../test/powertools')

/** X-Ray's daemon, and what a process wrote that traces to it. */
const ran = async (program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
  const xray = await startXRay()
  onTestFinished(() => xray.close())
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@fnware/source', join(folder, `${program}.ts`), ...args],
    {
      env: {
        ...process.env,
        ...xray.environment,
        _HANDLER: 'index.handler',
        LAMBDA_TASK_ROOT: '/var/task',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        ...env,
      },
    },
  )
  const lines = stdout.trim().split('\n')
  return { xray, stderr, results: lines.filter((line) => /^["[{]/.test(line)).map((line) => JSON.parse(line)) }
}

const traceOf = (i: number) => `1-581cf771-${String(i).padStart(24, '0')}`
const only = (xray: XRay, i: number, name: string) => {
  const found = xray.spansOf(traceOf(i)).filter((span) => span.name === name)
  expect(found, name).toHaveLength(1)
  return found[0]
}

test('one at a time an instance of Powertools traces as with its own handler', async () => {
  const { xray, results } = await ran('one-at-a-time')
  await xray.until((spans) => spans.length === 3 * 6 + 1)
  const root = only(xray, 1, '## index.handler')
  expect(results[0]).toEqual({
    traceId: traceOf(1),
    sampled: true,
    headers: { 'x-amzn-trace-id': `Root=${traceOf(1)};Parent=${root?.id};Sampled=1` },
  })
  expect(root).toMatchObject({
    parent: '0000000000000001',
    annotations: { ColdStart: true, Service: 'orders' },
    metadata: { orders: { 'index.handler response': { traceId: traceOf(1) } } },
    error: false,
    fault: false,
  })
  const [left, right] = [only(xray, 1, 'left'), only(xray, 1, 'right')]
  expect(left).toMatchObject({ parent: root?.id, annotations: { side: 'left' } })
  expect(right).toMatchObject({
    parent: root?.id,
    annotations: { side: 'right', byHand: 1 },
    metadata: { orders: { items: [1, { two: '2' }] } },
  })
  expect(only(xray, 1, 'leaf')).toMatchObject({ parent: left?.id, annotations: { leaf: true } })
  expect(only(xray, 1, 'fails')).toMatchObject({
    fault: true,
    exceptions: [
      { type: 'TypeError', message: 'outer' },
      { type: 'RangeError', message: 'inner' },
    ],
  })
  expect(only(xray, 1, 'left behind')?.end).toBeDefined()

  expect(results[1]).toBe('of both')
  const throws = only(xray, 2, 'throws')
  const second = only(xray, 2, '## index.handler')
  expect(second).toMatchObject({ annotations: { ColdStart: false }, fault: true })
  // It was told below, and is referred to.
  expect(second?.raw.cause).toBe(throws?.exceptions[0]?.id)

  expect(results[2]).toBe('too many')
  expect(only(xray, 3, '## index.handler')).toMatchObject({ throttle: true, error: true, fault: false })

  expect(results[3]).toMatchObject({ sampled: false })
  expect(xray.spansOf(traceOf(4))).toEqual([])
})

test('several at once, Powertools by hand writes one invocation into the trace of the other', async () => {
  const { xray } = await ran('overlapping', ['by hand'])
  await xray.until((spans) => spans.length === 2)
  const first = xray.spans.find(({ name }) => name === '## 1')
  // Both the trace and the parent are the other's.
  expect(first).toMatchObject({ annotations: { of: 1 }, trace: traceOf(2), parent: '0000000000000002' })
})

test('several at once, the second is not traced, which is told in a sentence, and the first is not spoiled', async () => {
  const { xray, results, stderr } = await ran('overlapping', ['ours'])
  expect(results).toEqual([
    [
      [1, true],
      [2, false],
    ],
    [3, true],
  ])
  await xray.until((spans) => spans.length === 4)
  expect(only(xray, 1, '## index.handler')).toMatchObject({ parent: '0000000000000001', annotations: { of: 1 } })
  expect(only(xray, 1, 'within')?.parent).toBe(only(xray, 1, '## index.handler')?.id)
  expect(xray.spansOf(traceOf(2))).toEqual([])
  expect(only(xray, 3, '## index.handler')).toMatchObject({ annotations: { of: 3 } })
  expect(stderr).toContain('powertools(): an invocation began while another was being traced, and is not traced')
  expect(stderr).toContain('Use tracer() without `engine`, or opentelemetry()')
})

test('what something else has taken the SDK over from is not sent into the trace of another', async () => {
  const { xray, stderr } = await ran('overlapping', ['beside'])
  await xray.until((spans) => spans.length >= 1)
  expect(xray.spans.map(({ name, trace }) => [name, trace])).toEqual([['## 2', traceOf(2)]])
  expect(stderr).toContain('powertools(): another invocation has taken over the X-Ray SDK')
})

test('where several invocations may run at once it refuses, and says what to use', async () => {
  await expect(ran('overlapping', ['ours'], { AWS_LAMBDA_MAX_CONCURRENCY: '10' })).rejects.toThrow(
    /powertools\(\) cannot be used with several invocations at once in one process \(AWS_LAMBDA_MAX_CONCURRENCY is set\): .* Use tracer\(\) without `engine`, or opentelemetry\(\)/,
  )
})

test('an instance that is not enabled traces nothing', async () => {
  const { xray, results } = await ran('one-at-a-time', [], { POWERTOOLS_TRACE_ENABLED: 'false' })
  expect(results[0]).toMatchObject({ sampled: false })
  expect(xray.spans).toEqual([])
})

test('what is no tracer is refused', () => {
  for (const wrong of [{}, null, undefined, 'Tracer'])
    expect(() => powertools(wrong as never)).toThrow('powertools() takes a Tracer of @aws-lambda-powertools/tracer')
})

test('calls are shown once, be it by Powertools or by what it does not capture', async () => {
  const { xray, results } = await ran('calls')
  expect(results[0]).toBe('done')
  await xray.until((spans) => spans.some(({ name }) => name === '## index.handler'))
  const spans = xray.spansOf(traceOf(1))
  const parents = spans.map(({ name, parent }) => [name, spans.find(({ id }) => id === parent)?.name])
  expect(parents.toSorted()).toEqual([
    ['## index.handler', undefined],
    ['DynamoDB', 'data'],
    ['data', '## index.handler'],
    ['localhost', '## index.handler'],
    ['localhost', 'data'],
  ])
  const call = only(xray, 1, 'DynamoDB')
  expect(call?.raw).toMatchObject({ namespace: 'aws', aws: { operation: 'GetItem', table_name: 'orders' } })
  expect(results[1]).toEqual([`Root=${traceOf(1)};Parent=${call?.id};Sampled=1`])
})

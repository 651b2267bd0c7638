import { fakeContext } from '@fnware/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { traceHeaderOf } from './trace-header.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})
const withTrace = (xRayTraceId: string) => ({ ...fakeContext(), xRayTraceId })

test('the invocation’s own goes before all others', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=environment')
  vi.stubGlobal('awslambda', { InvokeStore: { getXRayTraceId: () => 'Root=store' } })
  expect(traceHeaderOf(withTrace('Root=own'))).toBe('Root=own')
})

test('the environment’s, where invocations come one at a time', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=environment')
  expect(traceHeaderOf(fakeContext())).toBe('Root=environment')
  expect(traceHeaderOf(undefined)).toBe('Root=environment')
})

test('never the environment’s, where several run at once: the store’s', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=environment')
  vi.stubEnv('AWS_LAMBDA_MAX_CONCURRENCY', '8')
  expect(traceHeaderOf(fakeContext())).toBeUndefined()
  vi.stubGlobal('awslambda', { InvokeStore: { getXRayTraceId: () => 'Root=store' } })
  expect(traceHeaderOf(fakeContext())).toBe('Root=store')
})

import { fakeContext } from '@fnware/testing'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idOf, samplingOf } from './sampling.ts'

const parent = (sampled: boolean) => ({
  headers: { traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0${sampled ? 1 : 0}` },
})
const decisions = (env: NodeJS.ProcessEnv) => {
  const { decide } = samplingOf('sampled', env)
  return [{}, parent(true), parent(false)].map((event) => decide(event, fakeContext())?.sampled === true)
}

test.each([
  [{}, [true, true, false]],
  [{ OTEL_TRACES_SAMPLER: '' }, [true, true, false]],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, [true, true, false]],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, [false, true, false]],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, [false, true, false]],
  [{ OTEL_TRACES_SAMPLER: 'always_on' }, [true, true, true]],
  [{ OTEL_TRACES_SAMPLER: 'always_off' }, [false, false, false]],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, [true, true, true]],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, [false, false, false]],
  [{ OTEL_SDK_DISABLED: 'true' }, [false, false, false]],
])('%j: without a parent, with one that is sampled, with one that is not', (env, expected) => {
  expect(decisions(env)).toEqual(expected)
  expect(samplingOf('sampled', env).warning).toBeUndefined()
})

test('what is wrong with the environment is told, and stops nothing', () => {
  for (const env of [
    { OTEL_TRACES_SAMPLER: 'always' },
    { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '5' },
  ]) {
    expect(decisions(env)).toEqual([true, true, false])
    expect(samplingOf('sampled', env).warning).toMatch(/^opentelemetry\(\): `OTEL_TRACES_SAMPLER/)
  }
})

test('a share of traces is the same share as with the SDK, so that all who see a trace agree', () => {
  const hex = fc.stringMatching(/^[0-9a-f]{32}$/).filter((id) => !/^0+$/.test(id))
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), hex, (ratio, id) => {
      const env = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: String(ratio) }
      const { decision } = new TraceIdRatioBasedSampler(ratio).shouldSample(ROOT_CONTEXT, id)
      expect(samplingOf('sampled', env).isSampled(id, undefined)).toBe(decision === SamplingDecision.RECORD_AND_SAMPLED)
    }),
    { numRuns: 2000 },
  )
})

test('a trace that is begun lies within the share that is sampled, and so do all of them', () => {
  const ratio = 0.25
  const env = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: String(ratio) }
  const { decide, isSampled } = samplingOf('sampled', env)
  const count = 10_000
  const begun = Array.from({ length: count }, () => decide({}, fakeContext())).filter((trace) => trace?.sampled)
  for (const trace of begun) {
    expect(trace?.root).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/)
    expect(isSampled(idOf(trace?.root ?? ''), undefined)).toBe(true)
  }
  expect(new Set(begun.map((trace) => trace?.root)).size).toBe(begun.length)
  // Eight standard deviations to either side.
  expect(Math.abs(begun.length / count - ratio)).toBeLessThan(0.035)
})

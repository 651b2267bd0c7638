import { Tracer } from '@aws-lambda-powertools/tracer'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { powertools } from '../../src/powertools.ts'
import { type TracerOptions, tracer } from '../../src/tracer.ts'

/** What Lambda says of the trace of an invocation. */
export const header = (i: number): string =>
  `Root=1-581cf771-${String(i).padStart(24, '0')};Parent=${String(i).padStart(16, '0')};Sampled=1`

export const instance: Tracer = new Tracer({ serviceName: 'orders' })

/** Runs an invocation as Lambda does: its header is in the environment while it runs, which belongs to the process. */
export const invoke = async <Result>(
  handler: (event: never, context: ReturnType<typeof fakeContext>) => Promise<Result>,
  i: number,
): Promise<Result> => {
  process.env._X_AMZN_TRACE_ID = header(i)
  return handler(i as never, fakeContext())
}

export const base = (options: TracerOptions = {}) => lambda().use(tracer({ engine: powertools(instance), ...options }))

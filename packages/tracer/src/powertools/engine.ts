import { traceHeaderOf } from '@fnware/core/ports'
import type { Engine, Loaded, Open, Root, Start } from '../engine.ts'
import { parseXRay } from '../trace.ts'
import { type PowertoolsTracer, settingsOf, type XRaySegment } from './instance.ts'
import { refusal } from './one-at-a-time.ts'
import { RootSubsegment } from './root.ts'
import { Tracing } from './tracing.ts'
import { withRequire } from './with-require.ts'

/**
 * Traces with a `Tracer` of Powertools that is there already, as it is: its service, whether it is enabled, what it captures.
 * It takes one invocation at a time: the X-Ray SDK that it writes with keeps one trace for the whole process.
 *
 * @param given the tracer; or what makes it, which is called when the first sampled invocation needs it, so that Powertools
 *   and the X-Ray SDK are loaded then and not before. What it imports works in an ES module that is bundled without a banner
 * @throws Error where `AWS_LAMBDA_MAX_CONCURRENCY` is set: several invocations would be written into one another's traces
 * @throws TypeError on what is no such tracer
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/tracer/
 */
export const powertools = (given: PowertoolsTracer | (() => PowertoolsTracer | Promise<PowertoolsTracer>)): Engine => {
  if (process.env.AWS_LAMBDA_MAX_CONCURRENCY) throw new Error(refusal.configured)
  let instance = typeof given === 'function' ? undefined : checked(given)
  return {
    name: 'powertools',
    // The SDK reads Lambda's own header alone.
    sampled(_, context) {
      if (instance?.isTracingEnabled() === false) return undefined
      const header = traceHeaderOf(context)
      return header?.includes('Sampled=1') ? parseXRay(header) : undefined
    },
    async load() {
      if (typeof given === 'function') instance = checked(await withRequire(given))
      return new LoadedEngine(instance as PowertoolsTracer)
    },
  }
}

class LoadedEngine implements Loaded {
  readonly service: string | undefined
  readonly captures: boolean
  readonly #instance: PowertoolsTracer
  /** The one invocation that is being traced. */
  #current: RootSubsegment | undefined

  constructor(instance: PowertoolsTracer) {
    const { serviceName, captureHTTPsRequests } = settingsOf(instance)
    this.#instance = instance
    this.service = serviceName
    this.captures = captureHTTPsRequests === true
  }

  begin(start: Start): Root | undefined {
    if (!this.#instance.isTracingEnabled()) return undefined
    if (this.#current) throw new Error(refusal.met)
    // With that the SDK reads whose turn it is.
    const lambdas = this.#instance.getSegment() as XRaySegment | undefined
    if (lambdas?.trace_id !== start.trace.root) throw new Error(refusal.absent)
    const segment = lambdas.addNewSubsegment(start.name)
    this.#current = new RootSubsegment(new Tracing(this.#instance, lambdas, start), segment, () => {
      this.#current = undefined
    })
    return this.#current
  }

  active(): Open | undefined {
    const root = this.#current
    // In what another invocation does there is another segment, or none.
    const open = root?.active()
    return open === root && root && this.#instance.provider.getNamespace().get('segment') !== root.segment
      ? undefined
      : open
  }
}

const checked = (instance: unknown): PowertoolsTracer => {
  if (isTracer(instance)) return instance
  throw new TypeError('powertools() takes a Tracer of @aws-lambda-powertools/tracer, or what makes one')
}

const isTracer = (value: unknown): value is PowertoolsTracer =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as PowertoolsTracer).isTracingEnabled === 'function' &&
  typeof (value as PowertoolsTracer).provider?.getNamespace === 'function'

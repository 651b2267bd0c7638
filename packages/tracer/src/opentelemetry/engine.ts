import { checkOptions } from '@fnware/core/extend'
import type { Engine, Loaded, Root, Start } from '../engine.ts'
import { Exports } from './exports.ts'
import { activeOf } from './invocation.ts'
import { resourceOf } from './lambda.ts'
import type { Api, Hooks, Parts } from './parts.ts'
import { loadSdk, missing, provide, type Sdk } from './provider.ts'
import { isForeign, partsOf, registered } from './registered.ts'
import { begin } from './root.ts'
import { type Joins, type Sampling, samplingOf } from './sampling.ts'

export interface OpenTelemetryOptions {
  /** Where spans are sent, in full: `http://localhost:4318/v1/traces`. By default what `OTEL_EXPORTER_OTLP_…` says. */
  readonly endpoint?: string
  /** Headers of what is sent, such as a key, beside those of `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Attributes of the resource, beside those of Lambda and of `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /**
   * Which invocations that bring no `traceparent` are joined to the trace of X-Ray's header. Lambda gives one to every
   * invocation, and without active tracing it says `Sampled=0`: by default, `sampled`, such a one decides nothing.
   */
  readonly joinXRay?: Joins
}

/**
 * Traces with OpenTelemetry: with the provider that is registered in the process, by the ADOT layer or the function itself, or
 * else with one of its own, which sends spans by OTLP over HTTP. It is loaded when the first sampled invocation needs it.
 *
 * @throws TypeError on an unknown option
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const opentelemetry = (options: OpenTelemetryOptions = {}): Engine => {
  const { joinXRay = 'sampled' } = checked(options)
  const sampling = samplingOf(joinXRay)
  return {
    name: 'opentelemetry',
    w3c: true,
    sampled: (event, context) => (isForeign() ? sampling.propose(event, context) : sampling.decide(event, context)),
    async load() {
      const { trace, context } = registered()
      const [api, hooks, sdk] = await Promise.all([
        import('@opentelemetry/api').catch(missing('api')),
        context ? undefined : import('@opentelemetry/context-async-hooks').catch(missing('context-async-hooks')),
        trace ? undefined : loadSdk(),
      ])
      return new LoadedEngine({ api, hooks, sdk }, options, sampling)
    },
  }
}

interface Modules {
  readonly api: Api
  readonly hooks: Hooks | undefined
  readonly sdk: Sdk | undefined
}

class LoadedEngine implements Loaded {
  readonly #modules: Modules
  readonly #options: OpenTelemetryOptions
  readonly #sampling: Sampling
  #parts: Parts | undefined
  #exports: Exports | undefined

  constructor(modules: Modules, options: OpenTelemetryOptions, sampling: Sampling) {
    this.#modules = modules
    this.#options = options
    this.#sampling = sampling
  }

  /** The ADOT layer instruments the function's calls itself. */
  get captures(): boolean {
    return process.env.AWS_LAMBDA_EXEC_WRAPPER?.startsWith('/opt/otel-') === true
  }

  begin(start: Start): Root {
    const parts = (this.#parts ??= this.#made(start))
    this.#exports ??= new Exports(parts.flush, (error) => start.warn('opentelemetry(): spans could not be sent', error))
    return begin(parts, this.#exports, start)
  }
  active() {
    return this.#parts && activeOf(this.#parts)
  }

  /** Made with the first invocation: by then whoever registers a provider has done so. */
  #made(start: Start): Parts {
    const { api, hooks, sdk } = this.#modules
    const { trace, ...given } = registered()
    if (this.#sampling.warning) start.warn(this.#sampling.warning)
    // Without an SDK there was a provider when the engine was loaded, though somebody may have taken it away.
    if (trace || !sdk) return partsOf(api, hooks, { ...given, trace: trace ?? api.trace.getTracerProvider() })
    const { endpoint, headers, attributes } = this.#options
    return provide(api, hooks, sdk, given, {
      endpoint,
      headers,
      attributes: { ...resourceOf(), ...attributes },
      service: start.service,
      sampling: this.#sampling,
    })
  }
}

const checked = (options: OpenTelemetryOptions): OpenTelemetryOptions => {
  checkOptions('opentelemetry()', options, {
    endpoint: 'string',
    headers: 'object',
    attributes: 'object',
    joinXRay: 'string',
  })
  if (!['sampled', 'always', 'never'].includes(options.joinXRay ?? 'sampled'))
    throw new TypeError('opentelemetry(): `joinXRay` must be `sampled`, `always` or `never`')
  return options
}

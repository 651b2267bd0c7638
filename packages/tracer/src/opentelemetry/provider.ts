import type { Attributes, Context, TextMapPropagator } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { type Api, type Hooks, keysOf, managerOf, type Parts } from './parts.ts'
import { type Registered, registerOurs } from './registered.ts'
import type { Sampling } from './sampling.ts'

export interface ProviderOptions {
  readonly endpoint?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly attributes: Attributes
  readonly service: string
  readonly sampling: Sampling
}

/** Both of OTLP over HTTP, protobuf and JSON, are made alike. */
interface ExporterModule {
  readonly OTLPTraceExporter: new (options: {
    url?: string
    headers?: Record<string, string>
  }) => SpanExporter & { forceFlush(): Promise<void> }
}

/** What a provider of our own is made of. */
export interface Sdk {
  readonly trace: typeof import('@opentelemetry/sdk-trace')
  readonly core: typeof import('@opentelemetry/core')
  readonly resources: typeof import('@opentelemetry/resources')
  readonly exporter: ExporterModule
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ `OTEL_EXPORTER_OTLP_PROTOCOL` */
const isJson = (env: NodeJS.ProcessEnv = process.env): boolean =>
  (env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL)?.trim() === 'http/json'

/** Loads it. Nothing is found in a bundle that was made where it is not installed, and that is told in a sentence. */
export const loadSdk = async (): Promise<Sdk> => {
  const [trace, core, resources, exporter] = await Promise.all([
    import('@opentelemetry/sdk-trace').catch(missing('sdk-trace')),
    import('@opentelemetry/core').catch(missing('core')),
    import('@opentelemetry/resources').catch(missing('resources')),
    isJson()
      ? import('@opentelemetry/exporter-trace-otlp-http').catch(missing('exporter-trace-otlp-http'))
      : import('@opentelemetry/exporter-trace-otlp-proto').catch(missing('exporter-trace-otlp-proto')),
  ])
  return { trace, core, resources, exporter }
}

export const missing =
  (name: string) =>
  (cause: unknown): never => {
    throw new Error(`opentelemetry() could not load @opentelemetry/${name}: is it installed?`, { cause })
  }

/** A provider of our own, registered for all who speak `@opentelemetry/api`, as far as nothing of the kind is. */
export const provide = (
  api: Api,
  hooks: Hooks | undefined,
  sdk: Sdk,
  given: Registered,
  options: ProviderOptions,
): Parts => {
  const { trace, core } = sdk
  let rootId: string | undefined
  const ids = new trace.RandomIdGenerator()
  const exporter = new sdk.exporter.OTLPTraceExporter({
    ...(options.endpoint !== undefined && { url: options.endpoint }),
    ...(options.headers && { headers: { ...options.headers } }),
  })
  const provider = new trace.TracerProvider({
    resource: resource(sdk, options),
    sampler: {
      shouldSample(context: Context, id: string) {
        const parent = api.trace.getSpanContext(context)
        const theirs = parent && api.isSpanContextValid(parent) ? (parent.traceFlags & 1) === 1 : undefined
        const { RECORD_AND_SAMPLED, NOT_RECORD } = trace.SamplingDecision
        return { decision: (rootId ?? options.sampling.isSampled(id, theirs)) ? RECORD_AND_SAMPLED : NOT_RECORD }
      },
      toString: () => 'fnware',
    },
    idGenerator: { generateTraceId: () => rootId ?? ids.generateTraceId(), generateSpanId: () => ids.generateSpanId() },
    spanProcessors: [new trace.BatchSpanProcessor({ exporter })],
  })
  const propagator: TextMapPropagator =
    given.propagation ??
    new core.CompositePropagator({
      propagators: [new core.W3CTraceContextPropagator(), new core.W3CBaggagePropagator()],
    })
  const rooted: Parts['rooted'] = (id, start) => {
    rootId = id
    try {
      return start()
    } finally {
      rootId = undefined
    }
  }
  api.trace.setGlobalTracerProvider(provider)
  registerOurs(provider, rooted)
  if (!given.propagation) api.propagation.setGlobalPropagator(propagator)
  return {
    api,
    tracer: provider.getTracer('@fnware/tracer'),
    manager: given.context ?? managerOf(api, hooks),
    propagator,
    ...keysOf(api),
    rooted,
    // What the processor sends on its own account is no longer among what it holds, but is waited for as well.
    flush: () => Promise.all([provider.forceFlush(), exporter.forceFlush()]),
  }
}

/** What the environment says goes before what is found out. */
const resource = ({ resources }: Sdk, { attributes, service }: ProviderOptions) =>
  resources
    .defaultResource()
    .merge(resources.resourceFromAttributes({ 'service.name': service, ...attributes }))
    .merge(resources.detectResources({ detectors: [resources.envDetector, resources.serviceNameEnvDetector] }))

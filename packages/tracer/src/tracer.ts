import type { Ending, Invocation, Middleware, Next, Outcome } from '@fnware/core'
import { checkOptions, coldStartOf, settledWithin } from '@fnware/core/extend'
import { type CaptureOptions, checkCaptureOptions } from './capture/options.ts'
import type { Engine, Loaded, Root, Start } from './engine.ts'
import { failureOfEnding } from './failure.ts'
import { linksOf, sampledTraceOf, unsampledTraceOf } from './incoming.ts'
import { Loading } from './loading.ts'
import { Sampled } from './sampled.ts'
import type { Annotation, Annotations, Tracer } from './span.ts'
import type { Trace } from './trace.ts'
import { Unsampled } from './unsampled.ts'
import { xray } from './xray.ts'

export interface TracerOptions {
  /** The service that every invocation's span names; `POWERTOOLS_SERVICE_NAME` by default, or else the function's name. */
  readonly service?: string
  /** What writes the traces; X-Ray's daemon by default. */
  readonly engine?: Engine
  /** When the engine is loaded: with the first sampled invocation, which waits for it, or at INIT; `lazy` by default. */
  readonly load?: 'lazy' | 'init'
  /** Whether what the function returns goes to the metadata of its span; false by default, since it may be anybody's secret. */
  readonly captureResponse?: boolean
  /** Whether outgoing calls have spans of their own, and carry the trace on; true by default. */
  readonly captureCalls?: boolean | CaptureOptions
  /** ms that an answer waits for its trace to be sent; 500 by default. */
  readonly patience?: number
}

type Traced<A extends Annotations<A>> = { readonly tracer: Tracer<A> }

/**
 * Traces each invocation that is sampled: `ctx.tracer`, and a span round the function with its errors, its cold start and
 * its HTTP status. An invocation that is not sampled loads nothing. `POWERTOOLS_TRACE_ENABLED=false` traces none.
 *
 * @typeParam A names and types of annotations; any by default
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-services-lambda.html
 */
export const tracer = <A extends Annotations<A> = Record<string, Annotation>>(
  options: TracerOptions = {},
): Middleware<{}, Traced<A>> => {
  const { engine = xray(), load, ...how } = checked(options)
  const off = process.env.POWERTOOLS_TRACE_ENABLED?.trim().toLowerCase() === 'false'
  const loading = new Loading(engine, how.captureCalls ?? true)
  if (load === 'init' && !off) void loading.load()
  const unsampled = ({ event, context }: Invocation, trace?: Trace) =>
    new Unsampled(event, context, engine.w3c, trace) as unknown as Tracer<A>

  const traced = (ctx: Invocation, next: Next, trace: Trace): Promise<Outcome<Traced<A>>> => {
    const begin = (loaded: Loaded | undefined) => {
      const root = loaded && open(loaded, ctx, trace, loading, how)
      if (!root) {
        ctx.defer(() => loading.tell())
        return next({ tracer: unsampled(ctx, trace.parent ? trace : undefined) })
      }
      return root.run(() => next({ tracer: new Sampled(root) as unknown as Tracer<A> }))
    }
    return loading.loaded ? begin(loading.loaded) : loading.load().then(begin)
  }

  let first = true
  return (ctx, next) => {
    if (first) {
      first = false
      coldStartOf(ctx)
    }
    if (off) return next({ tracer: unsampled(ctx) })
    const { event, context } = ctx
    let trace: Trace | undefined
    try {
      trace = engine.sampled
        ? engine.sampled(event, context, () => sampledTraceOf(event, context) ?? unsampledTraceOf(event, context))
        : sampledTraceOf(event, context)
    } catch (error) {
      loading.warn(`tracer(): the engine \`${engine.name}\` cannot tell whether to trace an invocation`, error)
      ctx.defer(() => loading.tell())
    }
    return trace?.sampled ? traced(ctx, next, trace) : next({ tracer: unsampled(ctx, trace) })
  }
}

/** Opens the span of an invocation, and sees that it is closed and sent. */
const open = (
  loaded: Loaded,
  ctx: Invocation,
  trace: Trace,
  loading: Loading,
  { service, captureResponse = false, patience = 500 }: TracerOptions,
): Root | undefined => {
  const { event, context } = ctx
  const functionName = context?.functionName ?? 'function'
  const handler = process.env._HANDLER ?? functionName
  const serviceName = service ?? loaded.service ?? (process.env.POWERTOOLS_SERVICE_NAME || functionName)
  const coldStart = coldStartOf(ctx)
  const root = begun(loaded, {
    name: `## ${handler}`,
    service: serviceName,
    coldStart,
    trace,
    links: linksOf(event, trace),
    context,
    event,
    warn: loading.warn,
  })
  if (!root) return undefined
  root.annotate('ColdStart', coldStart)
  root.annotate('Service', serviceName)
  if (root.interim) ctx.signal.addEventListener('abort', () => root.interim?.())
  ctx.defer(async (ending) => {
    if (captureResponse && ending.result !== undefined) root.metadata(`${handler} response`, ending.result)
    describe(root, ending)
    root.end(failureOfEnding(ending))
    const flushed = root.flush(patience)
    if (flushed) await settledWithin(flushed, patience)
    loading.tell()
  })
  return root
}

const begun = (loaded: Loaded, start: Start): Root | undefined => {
  try {
    return loaded.begin(start)
  } catch (error) {
    start.warn('tracer(): the trace of an invocation could not be begun', error)
    return undefined
  }
}

/** What the source says of the request. */
const describe = (root: Root, { summary: { method, path, status } }: Ending) => {
  const http = {
    ...(typeof method === 'string' && { method }),
    ...(typeof path === 'string' && { url: path }),
    ...(typeof status === 'number' && { status }),
  }
  if (Object.keys(http).length > 0) root.details({ http })
}

const checked = (options: TracerOptions): TracerOptions => {
  checkOptions('tracer()', options, {
    service: 'string',
    engine: 'object',
    load: 'string',
    captureResponse: 'boolean',
    captureCalls: 'any',
    patience: 'number',
  })
  const { load, engine, captureCalls } = options
  if (typeof captureCalls === 'object') checkCaptureOptions(captureCalls)
  else if (captureCalls !== undefined && typeof captureCalls !== 'boolean')
    throw new TypeError('tracer(): `captureCalls` must be a boolean, or an object of options')
  if (load !== undefined && load !== 'lazy' && load !== 'init')
    throw new TypeError('tracer(): `load` must be `lazy` or `init`')
  if (engine && typeof engine.load !== 'function')
    throw new TypeError(
      'tracer(): `engine` is none: an instance of Powertools goes into powertools(), such as powertools(mine)',
    )
  return options
}

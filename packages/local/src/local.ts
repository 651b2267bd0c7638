import { nearest, OptionsError } from './check.ts'
import { Concurrency, defaultConcurrency } from './concurrency.ts'
import type { State } from './environment.ts'
import { ownRuntime } from './environment.ts'
import type { LambdaEvent, Route } from './events.ts'
import { InvokeError } from './failures.ts'
import { FrontRouter } from './front-router.ts'
import { LambdaFunction } from './function.ts'
import { type FrontedRoutes, routesOf } from './http-routes-of.ts'
import type { InvokeOptions, InvokeResult, Updated } from './invoke.ts'
import { InvokeApi } from './invoke-api.ts'
import { checkInvokeOptions } from './invoke-options.ts'
import { checkLocalOptions, type FunctionOptions, type LocalOptions } from './options.ts'
import { LocalServer } from './server.ts'
import { Tracing } from './tracing/tracing.ts'

/** What a function is at the moment. */
export interface FunctionState {
  readonly name: string
  readonly options: FunctionOptions
  /** The routes that its handler brings; none before the first INIT, nor of a handler that brings none. */
  readonly routes: readonly Route[] | undefined
  /** What of HTTP is its, front by front. */
  readonly http: readonly FrontedRoutes[]
  readonly environments: readonly EnvironmentState[]
}

export interface EnvironmentState {
  readonly id: string
  readonly state: State
  /** Whether a debugger is, or was, attached: no timeout ends its invocations. */
  readonly debugged: boolean
}

/** What an update can't change. */
const fixed = ['http', 'front', 'reservedConcurrency'] as const

/** Lambda on this machine. */
export interface LocalLambda extends AsyncDisposable {
  /** Where the HTTP fronts answer, and Lambda's Invoke API; empty before `listen()`. */
  readonly url: string
  readonly functions: readonly FunctionState[]
  /**
   * Opens the HTTP fronts and Lambda's Invoke API, and with them the inspectors that were asked for.
   * @returns the url
   * @throws {OptionsError} when the port is in use
   */
  listen(): Promise<string>
  /**
   * Invokes a function and waits for its answer, as Lambda's Invoke does (`RequestResponse`). A function that fails is
   * no rejection: `functionError` is set then, and `payload` is the error.
   *
   * @param event anything that JSON can write; `{}` by default
   * @throws {InvokeError} `ResourceNotFoundException`, `TooManyRequestsException`, `RequestTooLargeException` or
   * `InvalidRequestContentException`
   * @throws {OptionsError} for a wrong option
   */
  invoke(name: string, event?: unknown, options?: InvokeOptions): Promise<InvokeResult>
  /**
   * Starts an environment before the first invocation needs it.
   * @throws {InitError} when INIT fails
   */
  warm(name: string): Promise<Updated>
  /**
   * Gives a function new code or configuration (all but `http`, `front` and `reservedConcurrency`). A new environment starts on it; only when its INIT is
   * done do invocations go there. Those under way end on the old code.
   *
   * @throws {InitError} when INIT fails: the old code goes on serving
   * @throws {OptionsError} for a wrong option
   */
  update(name: string, options: Partial<Omit<FunctionOptions, (typeof fixed)[number]>>): Promise<Updated>
  /** Ends all environments (SIGTERM; SIGKILL half a second later) and the front. Nothing is left running. */
  close(): Promise<void>
}

/** ms that Lambda gives INIT. */
const initLimit = 10_000
/** ms that an environment waits for its next invocation: Lambda says nothing of it, and takes some minutes. */
const idleLimit = 300_000

/**
 * Runs functions on this machine as Lambda does: the real protocol, execution environments that are processes, the
 * services between HTTP and them, and Lambda's Invoke API.
 *
 * ```ts
 * await using lambda = localLambda({ functions: { hello: { code: '/srv/hello', handler: 'index.handler' } } })
 * console.log(await lambda.listen())
 * ```
 *
 * @throws {OptionsError} naming the option, what is wrong with it, and what is right
 */
export function localLambda(options: LocalOptions): LocalLambda {
  checkLocalOptions(options)
  const region = options.region ?? process.env.AWS_REGION ?? 'us-east-1'
  const runtime = options.runtime ?? ownRuntime
  const emit = (event: LambdaEvent) => options.onEvent?.(event)
  const functions = new Map<string, LambdaFunction>()
  const reserved = Object.entries(options.functions).flatMap(([name, { reservedConcurrency }]) =>
    reservedConcurrency === undefined ? [] : [[name, reservedConcurrency] as const],
  )
  let url = ''
  const endpoint = () => url || undefined
  const tracing = new Tracing(emit)
  const concurrency = new Concurrency(options.concurrency ?? defaultConcurrency, new Map(reserved))
  for (const [name, each] of Object.entries(options.functions))
    functions.set(
      name,
      new LambdaFunction(each, { name, region, runtime, initLimit, idleLimit, concurrency, endpoint, tracing, emit }),
    )
  let closed: Promise<void> | undefined

  const named = (name: string, qualifier?: string): LambdaFunction => {
    const found = functions.get(name)
    // Managed Instances are invoked by what was published last.
    const published = qualifier === '$LATEST.PUBLISHED' && found?.options.environmentConcurrency !== undefined
    if (found && (qualifier === undefined || qualifier === '$LATEST' || published)) return found
    const near = found ? undefined : nearest(name, functions.keys())
    const arn = `arn:aws:lambda:${region}:123456789012:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`
    const message = `Function not found: ${arn}`
    throw new InvokeError('ResourceNotFoundException', 404, near ? `${message}: did you mean ${near}?` : message)
  }
  const server = new LocalServer(new FrontRouter(functions, emit), new InvokeApi(named))

  return {
    get url() {
      return url
    },
    get functions() {
      return Array.from(functions, ([name, { options, routes, environments }]) => ({
        name,
        options,
        routes,
        http: routesOf(options, functions.size === 1),
        environments: environments.map(({ id, state, debugged }) => ({ id, state, debugged })),
      }))
    },
    async listen() {
      url = await server.listen(options.port ?? 3000, options.host ?? '127.0.0.1')
      for (const each of functions.values()) each.listening()
      return url
    },
    async invoke(name, event = {}, invokeOptions = {}) {
      const invoked = named(name)
      checkInvokeOptions(invokeOptions)
      return invoked.invoke(toJson(event), invokeOptions)
    },
    async warm(name) {
      return named(name).warm()
    },
    async update(name, changes) {
      const changed = named(name)
      for (const each of fixed)
        if (each in changes)
          throw new OptionsError(`functions.${name}.${each} can't be updated: make another local Lambda`)
      const merged = { ...changed.options, ...changes }
      checkLocalOptions({ functions: { [name]: merged } })
      return changed.update(merged)
    },
    close() {
      closed ??= Promise.all([server.close(), ...Array.from(functions.values(), (each) => each.close())]).then(() =>
        tracing.close(),
      )
      return closed
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}

function toJson(event: unknown): string {
  try {
    const text = JSON.stringify(event)
    if (text !== undefined) return text
  } catch {}
  throw new InvokeError('InvalidRequestContentException', 400, 'Could not parse request body into json')
}

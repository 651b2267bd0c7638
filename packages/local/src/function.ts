import { randomUUID } from 'node:crypto'
import { AsyncInvocations } from './async-invocations.ts'
import type { Concurrency } from './concurrency.ts'
import type { Environment } from './environment.ts'
import type { LambdaEvent, Route } from './events.ts'
import { asyncPayloadLimit, exited, InitError, type InvokeError, payloadLimit, requestTooLarge } from './failures.ts'
import { firstInit, secondInit } from './init.ts'
import type { Invocation, Invoked, Updated } from './invoke.ts'
import { LogTail } from './log-tail.ts'
import type { FunctionOptions } from './options.ts'
import { Pool } from './pool.ts'
import { initTimeoutLine, lastEvents, startLine } from './report.ts'
import type { Answer } from './runtime-api.ts'
import { taskOf } from './task.ts'
import { newRoot } from './tracing/header.ts'
import type { InvocationTrace, Tracing } from './tracing/tracing.ts'

export interface FunctionSettings {
  readonly name: string
  readonly region: string
  readonly runtime: string
  /** ms that INIT may take before it is begun again within the invocation */
  readonly initLimit: number
  /** ms after which an environment that nobody needs ends */
  readonly idleLimit: number
  readonly concurrency: Concurrency
  /** The url of the Invoke API, once it is open. */
  readonly endpoint: () => string | undefined
  readonly tracing: Tracing
  readonly emit: (event: LambdaEvent) => void
}

interface Outcome extends Answer {
  readonly environment: Environment
  readonly began: number
  readonly cold: boolean
  readonly trace: InvocationTrace
  /** ms since 1970: when Lambda was asked, and when it called the handler. */
  readonly asked: number
  readonly invoked: number
}

/** One function: its code as it is now, and its execution environments. */
export class LambdaFunction {
  readonly #settings: FunctionSettings
  readonly #pool: Pool
  options: FunctionOptions
  /** Of the code that serves, once one of its environments has been initialised. */
  routes: readonly Route[] | undefined
  readonly #async: AsyncInvocations
  /** Of the invocations whose caller wants the end of the log, by request id. */
  readonly #tails = new Map<string, LogTail>()
  #served = false
  #updating: Environment | undefined

  constructor(options: FunctionOptions, settings: FunctionSettings) {
    this.options = options
    const emit = (event: LambdaEvent) => {
      if ('line' in event && event.requestId !== undefined) this.#tails.get(event.requestId)?.add(event.line)
      settings.emit(event)
    }
    this.#settings = { ...settings, emit }
    this.#pool = new Pool(() => this.options, this.#settings)
    this.#async = new AsyncInvocations(settings.name, () => this.options.async ?? {}, emit)
  }

  get arn(): string {
    return `arn:aws:lambda:${this.#settings.region}:123456789012:function:${this.#settings.name}`
  }

  get environments(): readonly Environment[] {
    return this.#pool.environments
  }

  /** Whether a debugger is attached to one of its environments. */
  get debugged(): boolean {
    return this.environments.some((environment) => environment.debugged)
  }

  /**
   * @param payload the event as JSON
   * @throws {InvokeError} when the payload is too large, or too many invocations are under way
   */
  async invoke(payload: string, options: Invocation = {}): Promise<Invoked> {
    if (Buffer.byteLength(payload) > payloadLimit) throw requestTooLarge(payloadLimit)
    const leave = this.#enter()
    const requestId = options.requestId ?? randomUUID()
    const tail = options.tail ? new LogTail() : undefined
    if (tail) this.#tails.set(requestId, tail)
    try {
      const outcome = await this.#run(requestId, payload, options)
      const reported = this.#report(requestId, outcome)
      if (tail || options.patient) await reported
      return {
        statusCode: 200,
        ...(outcome.failure ? { functionError: 'Unhandled' } : {}),
        executedVersion: '$LATEST',
        payload: outcome.payload,
        ...(outcome.streamed ? { streamed: true } : {}),
        requestId,
        ...(tail ? { logResult: tail.toString() } : {}),
      }
    } finally {
      this.#tails.delete(requestId)
      leave()
    }
  }

  /**
   * Invokes it without anybody waiting, and again when it fails. An event of a function that may never run is dropped.
   *
   * @returns the request id of every attempt
   * @throws {InvokeError} when the payload is too large
   */
  queue(payload: string, options: Invocation = {}): string {
    if (Buffer.byteLength(payload) > asyncPayloadLimit) throw requestTooLarge(asyncPayloadLimit)
    const requestId = options.requestId ?? randomUUID()
    if (this.options.reservedConcurrency === 0) this.#async.refuse(requestId)
    else {
      // Every attempt is in the same trace.
      const { traceId = newRoot() } = options
      this.#async.add(requestId, () => this.invoke(payload, { ...options, traceId, requestId, patient: true }))
    }
    return requestId
  }

  /** Starts an environment that waits for an invocation. */
  async warm(): Promise<Updated> {
    const environment = this.#pool.warm()
    await this.#initialise(environment)
    return { duration: environment.initDuration, routes: environment.routes, superseded: false }
  }

  /** Gives traffic to other code once it has finished INIT. */
  async update(options: FunctionOptions): Promise<Updated> {
    this.#updating?.kill()
    if (options.inspect !== undefined) await this.#pool.freeInspector()
    const environment = this.#pool.start(options)
    this.#updating = environment
    const failure = await firstInit(environment, this.#settings.initLimit)
    const superseded = this.#updating !== environment
    if (superseded) {
      await this.#pool.end(environment)
      return { duration: environment.initDuration, routes: environment.routes, superseded }
    }
    this.#updating = undefined
    // Code that has never served is no better than other code that fails.
    if (!failure || !this.#served) {
      this.options = options
      this.routes = environment.routes
      this.#pool.retireAllBut(options)
    }
    if (failure) {
      await this.#pool.end(environment)
      this.#pool.inspect()
      throw new InitError(failure)
    }
    this.#served = true
    return { duration: environment.initDuration, routes: environment.routes, superseded }
  }

  /** The Invoke API is open: from here on every environment knows of it, and one has the inspector if it was asked for. */
  listening(): void {
    this.#pool.retireUnplaced()
    this.#pool.inspect()
  }

  close(): Promise<void> {
    this.#async.close()
    return this.#pool.close()
  }

  #enter(): () => void {
    const { concurrency, name, emit } = this.#settings
    try {
      return concurrency.enter(name)
    } catch (error) {
      const { reason = '' } = error as InvokeError
      emit({ type: 'throttle', time: Date.now(), function: name, reason })
      throw error
    }
  }

  async #initialise(environment: Environment): Promise<void> {
    const failure = await firstInit(environment, this.#settings.initLimit)
    if (failure) throw new InitError(failure)
    this.#served = true
    this.routes = environment.routes
  }

  async #run(requestId: string, payload: string, options: Invocation): Promise<Outcome> {
    const asked = Date.now()
    const timeout = this.options.timeout ?? 3
    let environment = await this.#pool.take()
    let failure = await firstInit(environment, this.#settings.initLimit)
    let deadline: number | undefined
    if (failure?.errorType === 'Sandbox.Timedout' && environment.initDuration === 0) {
      // Lambda begins a slow INIT once more, within the invocation and its timeout.
      const { initLimit, name, emit } = this.#settings
      emit({
        type: 'log',
        time: Date.now(),
        function: name,
        environment: environment.id,
        requestId,
        line: initTimeoutLine(initLimit),
      })
      deadline = Date.now() + timeout * 1000
      environment = this.#pool.start(this.options, true)
      failure = await secondInit(environment, requestId, timeout)
    }
    const at = { function: this.#settings.name, environment: environment.id, requestId }
    const trace = this.#settings.tracing.begin(environment.options.function, options.traceId, at)
    const cold = failure !== undefined || environment.invocations === 0
    const ran = { environment, began: performance.now(), cold, trace, asked, invoked: Date.now() }
    this.#settings.emit({ ...at, type: 'start', time: ran.invoked, line: startLine(requestId) })
    if (failure) {
      const told = failure.errorType === 'Runtime.ExitError' ? exited(requestId, environment.exitReason) : failure
      environment.kill()
      return { payload: JSON.stringify(told), failure: told, ...ran }
    }
    this.#served = true
    this.routes = environment.routes
    deadline ??= Date.now() + timeout * 1000
    const answer = await environment.invoke(
      taskOf(
        options,
        {
          requestId,
          payload,
          deadline: environment.debugged ? Date.now() + 3_600_000 : deadline,
          traceId: trace.header,
        },
        this.arn,
      ),
      timeout,
    )
    return { ...answer, ...ran }
  }

  /** Emits the last lines of an invocation, after all that it wrote. */
  async #report(requestId: string, outcome: Outcome): Promise<void> {
    const { environment, failure, began, cold, trace } = outcome
    const { name, emit } = this.#settings
    const answered = Date.now()
    const duration = performance.now() - began
    await environment.flushed
    const { initDuration, memoryUsed } = environment
    const init = cold && initDuration ? initDuration : undefined
    const at = { time: Date.now(), function: name, environment: environment.id, requestId }
    for (const event of lastEvents(at, environment.options.function, { failure, duration, init, memoryUsed }))
      emit(event)
    const started = cold ? environment.startedAt : undefined
    trace.end({ ...outcome, requestId, arn: this.arn, name, started, initDuration, answered, ended: Date.now() })
  }
}

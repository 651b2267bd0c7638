import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Route } from './events.ts'
import { exited, exitReason, type Failure, timedOut } from './failures.ts'
import { peakMemory } from './memory.ts'
import { OpenInvocations } from './open-invocations.ts'
import type { FunctionOptions } from './options.ts'
import { Output } from './output.ts'
import { processEnvironment } from './process-environment.ts'
import { type Answer, type Listener, RuntimeApi } from './runtime-api.ts'
import { Sandbox } from './sandbox.ts'
import type { Task } from './task.ts'
import type { Addresses } from './tracing/receivers.ts'

export const ownRuntime: string = fileURLToPath(new URL('../runtime/client.mjs', import.meta.url))

/** How far an environment is. `finishing`: the answer is there, the runtime has not yet asked for the next. */
export type State = 'init' | 'idle' | 'busy' | 'finishing' | 'ended'

export interface EnvironmentOptions {
  readonly name: string
  readonly region: string
  readonly runtime: string
  /** The url of the Invoke API here, once it is open. */
  readonly endpoint: string | undefined
  /** Where its traces are taken. */
  readonly traces: () => Promise<Addresses>
  readonly function: FunctionOptions
  /** The port of the inspector, in the one environment that has it. */
  readonly inspect: number | undefined
  readonly onLine: (line: string, environment: Environment) => void
  readonly onState: (environment: Environment) => void
}

/**
 * One execution environment: a process, its Runtime API, and one invocation at a time, or as many as
 * `environmentConcurrency` says.
 */
export class Environment {
  readonly id: string = randomBytes(16).toString('hex')
  readonly options: EnvironmentOptions
  /** Settles when INIT is over: with the failure, if it failed. */
  readonly initialised: Promise<Failure | undefined>
  state: State = 'init'
  /** How many wait for it, or have an invocation in it. */
  claims = 0
  /** Ends as soon as its invocation is over: newer code serves. */
  retired = false
  routes: readonly Route[] | undefined
  /** ms; 0 until INIT is done */
  initDuration = 0
  invocations = 0
  /** Whether its end was reported as the end of an invocation. */
  crashed = false
  /** The invocation that its output is of, where there is one at a time. */
  requestId: string | undefined
  /** Why it ended: nothing for a clean exit. */
  exitReason: string | undefined
  readonly #api: RuntimeApi
  /** ms since 1970 */
  readonly startedAt: number = Date.now()
  readonly #started = performance.now()
  #sandbox: Sandbox | undefined
  #stopping = false
  #memoryUsed: number | undefined
  readonly #output: Output
  #initialised!: (failure?: Failure) => void
  readonly #open = new OpenInvocations()

  constructor(options: EnvironmentOptions) {
    this.options = options
    this.#output = new Output(options.inspect !== undefined, (line) => options.onLine(line, this))
    this.initialised = new Promise((done) => {
      this.#initialised = done
    })
    const listener: Listener = {
      waiting: () => void this.#waiting(),
      answered: (requestId, answer) => this.#answer(requestId, answer),
      initFailed: (failure) => this.#initialised(failure),
      routes: (routes) => {
        this.routes = routes
      },
      memoryUsed: (megabytes) => {
        this.#memoryUsed = megabytes
      },
    }
    this.#api = new RuntimeApi(listener, this.many)
    this.#start()
  }

  /** Whether it runs more than one invocation at a time, as on Lambda Managed Instances. */
  get many(): boolean {
    return this.options.function.environmentConcurrency !== undefined
  }

  /** Whether one more may have it. */
  get hasRoom(): boolean {
    return this.claims < (this.options.function.environmentConcurrency ?? 1)
  }

  /** Whether somebody waits for it, or for what runs in it. */
  get awaited(): boolean {
    return this.claims > this.#open.late
  }

  /** MB at most so far: what the runtime said, or else the kernel. */
  get memoryUsed(): number | undefined {
    return this.#memoryUsed ?? peakMemory(this.#sandbox?.pid)
  }

  /** Settles when all that the function wrote in its last invocation has come. */
  get flushed(): Promise<void> {
    return this.#output.flushed
  }

  /** Whether a debugger has attached: from then on no timeout ends an invocation. */
  get debugged(): boolean {
    return this.#output.debugged
  }

  /** Whether it was ended on purpose. */
  get stopping(): boolean {
    return this.#stopping
  }

  /**
   * Runs one invocation; the environment must have been claimed. The answer of one that does not come back says how it
   * ended. With many at a time Lambda enforces no timeout: the caller is told, and the code goes on.
   *
   * @param timeout seconds, as the words for an invocation that is not over by its deadline have it
   */
  invoke(task: Task, timeout: number): Promise<Answer> {
    if (!this.many) this.requestId = task.requestId
    this.invocations++
    this.#to('busy')
    return new Promise((answered) => {
      const told = (answer: Answer) => {
        answered(answer)
        // Nobody may be left who waits for it.
        if (this.many && this.state !== 'ended') this.options.onState(this)
      }
      const timeIsUp = () => {
        if (this.debugged) return undefined
        const failure = timedOut(task.requestId, timeout)
        if (this.many) return failure
        this.fail(failure)
        return undefined
      }
      this.#api.send(this.#open.add(task, told, timeIsUp))
    })
  }

  /** Ends it at once; the invocation under way, or INIT, fails with `failure`. */
  fail(failure: Failure): void {
    this.#stopping = true
    this.#initialised(failure)
    this.#failOpen(() => failure)
    this.kill()
  }

  kill(): void {
    this.#stopping = true
    this.#memoryUsed = this.memoryUsed
    this.#sandbox?.kill()
    this.#to('ended')
  }

  async stop(): Promise<void> {
    this.#stopping = true
    // A server that is closed before it listens never says that it does: who waits for INIT is told here.
    if (!this.#sandbox) return this.#end(undefined)
    await this.#sandbox.stop()
    this.#to('ended')
    this.#api.close()
  }

  /** Settles when the process is gone. */
  get ended(): Promise<void> {
    return this.#sandbox?.ended ?? Promise.resolve()
  }

  async #start(): Promise<void> {
    const { runtime, inspect } = this.options
    const cwd = this.options.function.code
    try {
      if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${cwd} is not a folder`)
      const [runtimeApi, traces] = await Promise.all([this.#api.listen(), this.options.traces()])
      if (this.#stopping) return this.#end(undefined)
      const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/')
      const logStream = `${day}/[$LATEST]${this.id}`
      this.#sandbox = new Sandbox({
        args: [...(inspect === undefined ? [] : [`--inspect=127.0.0.1:${inspect}`]), runtime],
        cwd,
        env: processEnvironment(this.options.function, { ...this.options, id: this.id, runtimeApi, logStream, traces }),
        onLine: (line, stream) => this.#output.line(line, stream),
        onEnd: (code, signal, error) => this.#end(exitReason(code, signal), error),
      })
    } catch (error) {
      const errorMessage = `The task root can't be used: ${(error as Error).message}`
      this.#initialised({ errorType: 'Runtime.InvalidWorkingDir', errorMessage, trace: [] })
      this.#end(undefined)
    }
  }

  async #waiting(): Promise<void> {
    if (this.state === 'init') {
      this.initDuration = performance.now() - this.#started
      this.#to('idle')
      this.#initialised()
    } else if (this.state === 'finishing' && !this.many) {
      await this.flushed
      this.#to('idle')
    }
  }

  #answer(requestId: string, answer: Answer): void {
    this.#flush()
    if (!this.#open.answer(requestId, answer)) return
    this.claims--
    if (!this.many) this.#to('finishing')
    else if (this.#open.size === 0) this.#to('idle')
    else if (this.state !== 'ended') this.options.onState(this)
  }

  #failOpen(failure: (requestId: string) => Failure): void {
    if (!this.#open.size) return
    this.#flush()
    this.#to('ended')
    this.#open.fail(failure)
  }

  #flush(): void {
    this.#output.flush(() => {
      this.requestId = undefined
    })
  }

  #end(reason: string | undefined, error?: Error): void {
    this.exitReason = reason
    const failure = error
      ? { errorType: 'Runtime.InvalidEntrypoint', errorMessage: error.message, trace: [] }
      : exited('', reason)
    this.#initialised(failure)
    this.crashed = this.#open.size > this.#open.late
    this.#failOpen((requestId) => (error ? failure : exited(requestId, reason)))
    this.#api.close()
    this.#to('ended')
  }

  #to(state: State): void {
    if (this.state === state || this.state === 'ended') return
    this.state = state
    this.options.onState(this)
  }
}

import { Environment, type State } from './environment.ts'
import type { FunctionSettings } from './function.ts'
import type { FunctionOptions } from './options.ts'

/** Milliseconds that an invocation waits for an environment that has answered but not yet asked for more. */
const finishGrace = 250

/** The execution environments of one function: warm ones are used again, one is added when all are busy. */
export class Pool {
  readonly #options: () => FunctionOptions
  readonly #settings: FunctionSettings
  readonly #all = new Set<Environment>()
  /** What waits for the next state of an environment. */
  readonly #waiting = new Map<Environment, () => void>()
  /** Run while an environment is idle. */
  readonly #idle = new Map<Environment, NodeJS.Timeout>()
  /** What is being ended on purpose: nothing takes its place. */
  readonly #ending = new WeakSet<Environment>()
  #closed = false

  constructor(options: () => FunctionOptions, settings: FunctionSettings) {
    this.#options = options
    this.#settings = settings
  }

  get environments(): readonly Environment[] {
    return [...this.#all]
  }

  /** The environment of the next invocation: claimed for it, its INIT perhaps not over. */
  async take(): Promise<Environment> {
    const idle = this.#find('idle')
    if (idle) return claim(idle)
    const starting = this.#find('init')
    if (starting) return claim(starting)
    const finishing = this.#find('finishing')
    if (finishing) {
      claim(finishing)
      await this.#next(finishing)
      if (finishing.state === 'idle' && !finishing.stopping) return finishing
      finishing.claims--
    }
    return this.start(this.#options(), true)
  }

  /** An environment that waits for an invocation: one there is, or a new one. */
  warm(): Environment {
    return this.#find('idle') ?? this.#find('init') ?? this.start(this.#options())
  }

  start(options: FunctionOptions, claimed = false): Environment {
    if (this.#closed) throw new Error('this local Lambda is closed')
    const { name, region, runtime, endpoint, tracing } = this.#settings
    const inspected = options.inspect !== undefined && !this.#inspected
    const environment = new Environment({
      name,
      region,
      runtime,
      endpoint: endpoint(),
      traces: () => tracing.addresses(),
      function: options,
      inspect: inspected ? options.inspect : undefined,
      onLine: (line, from) => this.#line(line, from),
      onState: (changed) => this.#changed(changed),
    })
    if (claimed) claim(environment)
    this.#all.add(environment)
    void this.#tellInit(environment)
    return environment
  }

  /** Ends the environment that holds the inspector, unless it is busy, so that new code can have the port. */
  async freeInspector(): Promise<void> {
    const holder = this.#inspected
    if (!holder || holder.claims) return
    if (holder.state === 'finishing') {
      claim(holder)
      await this.#next(holder)
      holder.claims--
    }
    if (holder.state !== 'busy' && holder.state !== 'finishing') await this.end(holder)
  }

  /** Starts an environment with the inspector, when none has it. */
  inspect(): void {
    if (this.#closed || this.#options().inspect === undefined || this.#inspected) return
    this.start(this.#options())
  }

  /** Older code ends: at once where it waits, after its invocation where it works. */
  retireAllBut(options: FunctionOptions): void {
    for (const environment of this.#all) {
      if (environment.options.function === options) continue
      environment.retired = true
      if (!environment.awaited && environment.state !== 'finishing') this.end(environment)
    }
  }

  /** What was started before there was an Invoke API does not know of it, and would call AWS: it ends once it rests. */
  retireUnplaced(): void {
    for (const environment of this.#all) {
      if (environment.options.endpoint !== undefined) continue
      environment.retired = true
      if (environment.state === 'idle' && !environment.awaited) void this.end(environment).then(() => this.inspect())
    }
  }

  /** Ends one, whatever it is at. */
  async end(environment: Environment): Promise<void> {
    this.#ending.add(environment)
    await environment.stop()
    this.#all.delete(environment)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#all].map((environment) => this.end(environment)))
  }

  get #inspected(): Environment | undefined {
    return this.environments.find((environment) => environment.options.inspect !== undefined)
  }

  #find(state: State): Environment | undefined {
    const options = this.#options()
    let found: Environment | undefined
    for (const environment of this.#all) {
      const is = environment.many && environment.state === 'busy' ? 'idle' : environment.state
      const free = is === state && environment.hasRoom && !environment.stopping && !environment.retired
      if (!free || environment.options.function !== options) continue
      if (environment.options.inspect !== undefined) return environment
      found ??= environment
    }
    return found
  }

  #next(environment: Environment): Promise<void> {
    return new Promise((changed) => {
      const late = setTimeout(done, finishGrace)
      const waiting = this.#waiting
      function done() {
        clearTimeout(late)
        waiting.delete(environment)
        changed()
      }
      waiting.set(environment, done)
    })
  }

  #changed(environment: Environment): void {
    const taken = this.#waiting.get(environment)
    if (environment.state === 'ended') {
      taken?.()
      clearTimeout(this.#idle.get(environment))
      this.#idle.delete(environment)
      void this.#ended(environment)
    } else if (environment.retired && !environment.awaited && environment.state !== 'finishing' && !taken) {
      void this.end(environment).then(() => this.inspect())
    } else if (environment.state === 'idle') {
      if (taken) taken()
      else this.#restOf(environment)
    }
  }

  /** What nobody has needed for long ends, as on Lambda; the last one stays, for whoever works on the function. */
  #restOf(environment: Environment): void {
    const running = this.#idle.get(environment)
    if (running) return void running.refresh()
    const timer = setTimeout(() => {
      const rests = ({ state, claims, stopping }: Environment) => state === 'idle' && !claims && !stopping
      const others = this.environments.some((other) => other !== environment && rests(other))
      if (rests(environment) && others && environment.options.inspect === undefined) void this.end(environment)
    }, this.#settings.idleLimit)
    this.#idle.set(environment, timer.unref())
  }

  /** It ended by itself, or was killed. */
  async #ended(environment: Environment): Promise<void> {
    const { id, stopping, initDuration } = environment
    await environment.ended
    this.#all.delete(environment)
    if (initDuration && !stopping && !environment.crashed) {
      const reason = environment.exitReason ?? 'exit status 0'
      this.#settings.emit({ type: 'exit', time: Date.now(), function: this.#settings.name, environment: id, reason })
    }
    if (initDuration && !this.#ending.has(environment)) this.inspect()
  }

  async #tellInit(environment: Environment): Promise<void> {
    const failure = await environment.initialised
    if (environment.stopping && failure?.errorType === 'Runtime.ExitError') return
    const at = { time: Date.now(), function: this.#settings.name, environment: environment.id }
    const { initDuration: duration, routes } = environment
    if (failure) this.#settings.emit({ ...at, type: 'initError', trace: [], ...failure })
    else this.#settings.emit({ ...at, type: 'init', duration, routes })
  }

  #line(line: string, { id: environment, many, requestId: current }: Environment): void {
    const requestId = many ? requestIdIn(line) : current
    this.#settings.emit({ type: 'log', time: Date.now(), function: this.#settings.name, environment, requestId, line })
  }
}

function claim(environment: Environment): Environment {
  environment.claims++
  return environment
}

/** Where many invocations write at once, each line says whose it is. */
function requestIdIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { requestId, function_request_id: powertools } = JSON.parse(line) as Record<string, unknown>
    const id = requestId ?? powertools
    // The runtime writes `-` where no invocation is.
    return typeof id === 'string' && /^[-0-9a-f]{36}$/.test(id) ? id : undefined
  } catch {
    return undefined
  }
}

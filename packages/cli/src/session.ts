import { dirname, resolve } from 'node:path'
import { InitError, type LocalLambda, localLambda } from '@fnware/local'
import { Builder, type Built, writeBroken } from './builder.ts'
import type { Config } from './config.ts'
import type { Printer } from './printer.ts'
import type { Scratch } from './scratch.ts'
import { Services } from './services.ts'
import { Watcher } from './watcher.ts'

export interface SessionOptions {
  readonly config: Config
  /** The configuration file: entries are relative to it. */
  readonly file: string
  readonly port: number
  readonly host: string
  readonly inspect: number | undefined
  readonly color: boolean
  readonly printer: Printer
  readonly scratch: Scratch
}

interface Watched {
  readonly name: string
  readonly builder: Builder
  readonly watcher: Watcher
  /** Whether a change came while the one before was still being taken in. */
  building: boolean
  changedAt: number | undefined
}

/** The functions of one configuration, served, and built anew whenever a file of theirs changes. */
export class Session {
  readonly #options: SessionOptions
  readonly #functions: Watched[] = []
  #services: Services | undefined
  /** What the services told the functions. */
  #environment: Readonly<Record<string, string>> = {}
  #lambda: LocalLambda | undefined
  #closed = false

  constructor(options: SessionOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { config, file, port, host, printer, scratch, color } = this.#options
    const names = Object.keys(config.functions)
    printer.functions(config.functions)
    this.#services = new Services(config.services ?? {})
    const built = await Promise.all(
      names.map(async (name) => {
        const project = dirname(file)
        const entry = resolve(project, config.functions[name]!.entry)
        const builder = new Builder(name, entry, project, scratch, color)
        const watched: Watched = {
          name,
          builder,
          watcher: new Watcher((at) => void this.#change(watched, at)),
          building: false,
          changedAt: undefined,
        }
        this.#functions.push(watched)
        return [name, await this.#build(watched)] as const
      }),
    )
    this.#environment = await this.#services.environment()
    if (this.#closed) return
    const inspect = new Map(
      names.flatMap((name, i) =>
        this.#options.inspect === undefined ? [] : [[name, this.#options.inspect + i] as const],
      ),
    )
    const { region, concurrency } = config
    this.#lambda = localLambda({
      functions: Object.fromEntries(
        built.map(([name, { code }]) => [name, this.#function(name, code, inspect.get(name))]),
      ),
      port,
      host,
      ...(region === undefined ? {} : { region }),
      ...(concurrency === undefined ? {} : { concurrency }),
      onEvent: (event) => this.#closed || printer.event(event),
    })
    const url = await this.#lambda.listen()
    await Promise.all(names.map((name) => this.#lambda?.warm(name).catch(ignoreInitError)))
    if (!this.#closed) printer.started(url, this.#lambda.functions, inspect)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { watcher } of this.#functions) watcher.close()
    await this.#lambda?.close()
    await Promise.all([this.#services?.stop(), ...this.#functions.map(({ builder }) => builder.close())])
  }

  #function(name: string, code: string, inspect: number | undefined) {
    const { entry: _entry, handler = 'handler', example: _example, ...options } = this.#options.config.functions[name]!
    const nodeOptions = `${options.environment?.NODE_OPTIONS ?? ''} --enable-source-maps`.trim()
    return {
      tracing: 'Active' as const,
      ...options,
      code,
      handler: `index.${handler}`,
      environment: { ...this.#environment, ...options.environment, NODE_OPTIONS: nodeOptions },
      ...(inspect === undefined ? {} : { inspect }),
    }
  }

  async #build({ name, builder, watcher }: Watched): Promise<Built> {
    const built = await builder.build()
    if (this.#closed) return built
    watcher.watch(built.inputs, built.error !== undefined)
    if (built.error !== undefined) {
      this.#options.printer.buildFailed(name, built.error, this.#lambda !== undefined)
      if (!this.#lambda) await writeBroken(built.code, name)
    }
    return built
  }

  async #change(watched: Watched, at: number): Promise<void> {
    watched.changedAt ??= at
    if (watched.building) return
    watched.building = true
    while (watched.changedAt !== undefined && !this.#closed) {
      const since = watched.changedAt
      watched.changedAt = undefined
      const built = await this.#build(watched)
      // Not awaited: code that hangs at INIT must not hold up the next save, which supersedes it.
      if (built.error === undefined) void this.#update(watched, built.code, since)
    }
    watched.building = false
  }

  async #update({ name, builder }: Watched, code: string, since: number): Promise<void> {
    const { printer } = this.#options
    try {
      const updated = await this.#lambda?.update(name, { code })
      if (!updated || updated.superseded || this.#closed) return
      printer.reloaded(name, performance.now() - since)
      await builder.serves(code)
    } catch (error) {
      if (this.#closed) return
      if (!(error instanceof InitError)) throw error
      printer.initFailed(name)
    }
  }
}

/** The printer has told of it, and the next invocation will meet it. */
function ignoreInitError(error: unknown): void {
  if (!(error instanceof InitError)) throw error
}

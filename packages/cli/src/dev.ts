import { createServer } from 'node:net'
import { basename } from 'node:path'
import { OptionsError } from '@fnware/local'
import { type DevArguments, readPort } from './arguments.ts'
import { Failure } from './failure.ts'
import { findConfig, type LoadedConfig, loadConfig } from './load-config.ts'
import { Printer } from './printer.ts'
import { Scratch } from './scratch.ts'
import { Session } from './session.ts'
import { styled, wantsColor } from './style.ts'
import { Watcher } from './watcher.ts'

const defaultPort = 3000

/** `fnware dev`: serves until it is told to stop. */
export class Dev {
  readonly #args: DevArguments
  readonly #scratch = new Scratch()
  readonly #color = wantsColor(process.stdout)
  readonly #printer = new Printer(styled(this.#color), (text) => process.stdout.write(text))
  readonly #watcher = new Watcher(() => void this.#restart())
  #file = ''
  #session: Session | undefined
  /** Restarts follow one another. */
  #turn: Promise<void> = Promise.resolve()
  #closed = false

  constructor(args: DevArguments) {
    this.#args = args
  }

  /** @throws {Failure | OptionsError} when there is nothing to serve, or nowhere */
  async start(): Promise<void> {
    this.#file = findConfig(this.#args.config, process.cwd())
    const loaded = await loadConfig(this.#file, this.#scratch)
    await this.#serve(loaded)
    if (!this.#closed) this.#watcher.watch(loaded.inputs, false)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watcher.close()
    await this.#session?.close()
    this.#scratch.remove()
  }

  async #serve({ config }: LoadedConfig): Promise<void> {
    const { inspect } = this.#args
    const port =
      this.#args.port ?? (process.env.PORT ? readPort(process.env.PORT, 'PORT', 0) : (config.port ?? defaultPort))
    const host = this.#args.host ?? config.host ?? '127.0.0.1'
    for (let i = 0; inspect !== undefined && i < Object.keys(config.functions).length; i++)
      await mustBeFree(inspect + i)
    this.#session = new Session({
      config,
      file: this.#file,
      port,
      host,
      inspect,
      color: this.#color,
      printer: this.#printer,
      scratch: this.#scratch,
    })
    await this.#session.start().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error
      throw new Failure(`Port ${port} is in use. End what has it, or take another: fnware dev --port ${port + 1}`)
    })
  }

  #restart(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#closed) return
      const name = basename(this.#file)
      try {
        const loaded = await loadConfig(this.#file, this.#scratch)
        this.#printer.note(`${name} changed: everything starts anew`)
        this.#watcher.watch(loaded.inputs, false)
        await this.#session?.close()
        if (!this.#closed) await this.#serve(loaded)
      } catch (error) {
        if (!(error instanceof Failure || error instanceof OptionsError)) throw error
        this.#printer.error(error.message)
      }
    })
    return this.#turn
  }
}

function mustBeFree(port: number): Promise<void> {
  return new Promise((free, taken) => {
    const server = createServer()
    server.once('error', () =>
      taken(new Failure(`Port ${port}, for the debugger, is in use. Take another: fnware dev --inspect=${port + 1}`)),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => free()))
  })
}

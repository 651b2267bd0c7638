import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lambdas } from '../../harness/child.ts'
import type { Done, Order } from '../process/invoke.ts'

/** One execution environment: a process that holds a bundled function, and is invoked from here. */
export class Environment {
  readonly #child: ChildProcess
  readonly #name: string
  /** When all of stderr has been read. */
  readonly #told: Promise<unknown>
  #errors = ''

  constructor(driver: string, file: string, environment: Readonly<Record<string, string>>) {
    this.#name = file
    this.#child = spawn(process.execPath, [driver, file], {
      env: { PATH: process.env.PATH, ...lambdas, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#told = once(this.#child.stderr!, 'end')
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
  }

  /** Whether its process has ended by itself, as one does that a promise has rejected in with nobody to handle it. */
  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** What it wrote to stderr. */
  get errors(): string {
    return this.#errors
  }

  /** @throws Error where the process ends meanwhile */
  async invoke(times = 1, atOnce = 1): Promise<Done> {
    const order: Order = { times, atOnce }
    const controller = new AbortController()
    const { signal } = controller
    const ended = once(this.#child, 'exit', { signal }).then(async () => {
      await this.#told
      throw new Error(`${this.#name} ended\n${this.#errors}`)
    })
    const done = once(this.#child, 'message', { signal }).then(([done]) => done as Done)
    try {
      if (this.isOver) throw new Error(`${this.#name} has ended\n${this.#errors}`)
      this.#child.send(order)
      return await Promise.race([done, ended])
    } finally {
      for (const waiting of [done, ended]) waiting.catch(() => {})
      controller.abort()
    }
  }

  /** The same, of invocations that must all be answered. */
  async answered(times = 1, atOnce = 1): Promise<Done> {
    const done = await this.invoke(times, atOnce)
    if (done.failed.length > 0)
      throw new Error(`${this.#name}: ${done.failed.length} of ${times} failed: ${done.failed[0]}\n${this.#errors}`)
    return done
  }

  async close(): Promise<void> {
    if (this.isOver) return
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }
}

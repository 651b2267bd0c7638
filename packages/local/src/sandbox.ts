import { type ChildProcess, spawn } from 'node:child_process'
import { readLines } from './lines.ts'

export interface SandboxOptions {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void
  /** Once, when nothing of the process is left and all its output has been read. */
  readonly onEnd: (code: number | null, signal: NodeJS.Signals | null, error?: Error) => void
}

/** Milliseconds that a process has between SIGTERM and SIGKILL. */
const shutdownGrace = 500
/** Milliseconds that output may still come after the process has ended. */
const drainGrace = 200

/** The process of an execution environment, with all that it starts: one process group, ended together. */
export class Sandbox {
  readonly #process: ChildProcess
  /** Settles when nothing of it is left. */
  readonly ended: Promise<void>
  #running = true

  constructor(options: SandboxOptions) {
    const child = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    if (child.stdout) readLines(child.stdout, (line) => options.onLine(line, 'stdout'))
    if (child.stderr) readLines(child.stderr, (line) => options.onLine(line, 'stderr'))
    this.ended = new Promise((ended) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, error?: Error) => {
        options.onEnd(code, signal, error)
        ended()
      }
      child.once('error', (error) => {
        if (child.pid !== undefined) return
        this.#running = false
        end(null, null, error)
      })
      child.once('exit', (code, signal) => {
        this.#running = false
        this.#signal('SIGKILL')
        const late = setTimeout(drained, drainGrace)
        child.once('close', drained)
        function drained() {
          clearTimeout(late)
          child.off('close', drained)
          child.stdout?.destroy()
          child.stderr?.destroy()
          end(code, signal)
        }
      })
    })
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  kill(): void {
    if (this.#running) this.#signal('SIGKILL')
  }

  /** As Lambda shuts an environment down: SIGTERM, and SIGKILL when that is not heeded. */
  async stop(): Promise<void> {
    if (this.#running) {
      this.#signal('SIGTERM')
      const late = setTimeout(() => this.kill(), shutdownGrace)
      await this.ended
      clearTimeout(late)
    }
    await this.ended
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process.pid === undefined) return
    try {
      process.kill(-this.#process.pid, signal)
    } catch {
      // Nothing of the group is left.
    }
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import type { Reached } from './kit.ts'
import type { Answer, Order } from './orders.ts'

/** A process of its own that runs one function, as an execution environment does. */
export interface Environment {
  invoke(order: Order): Promise<Answer>
  /** SIGSTOP and SIGCONT: what Lambda does between invocations. */
  freeze(): void
  thaw(): void
  end(): Promise<void>
}

export interface Environments {
  start(reached: Reached): Promise<Environment>
  close(): Promise<void>
}

/** Bundles the function once: forty processes would load its files for long. */
export const environments = async (file = 'environment.ts'): Promise<Environments> => {
  const folder = await mkdtemp(join(tmpdir(), 'fnware-environments-'))
  const outfile = join(folder, 'environment.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, file)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    conditions: ['@fnware/source'],
    external: ['pg-native'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    logLevel: 'error',
  })
  return {
    async start(reached) {
      const child = spawn(process.execPath, [outfile, JSON.stringify(reached)], { stdio: ['pipe', 'pipe', 'inherit'] })
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const next = async (): Promise<Answer> => {
        const { value, done } = await lines.next()
        if (done) throw new Error('the environment has ended')
        return JSON.parse(value)
      }
      await next()
      return {
        invoke(order) {
          child.stdin.write(`${JSON.stringify(order)}\n`)
          return next()
        },
        freeze: () => void child.kill('SIGSTOP'),
        thaw: () => void child.kill('SIGCONT'),
        async end() {
          const ended = once(child, 'exit')
          child.kill('SIGCONT')
          child.stdin.end()
          await ended
        },
      }
    },
    close: () => rm(folder, { recursive: true }),
  }
}

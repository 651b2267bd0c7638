import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('bin.ts', import.meta.url))

export interface Project {
  readonly folder: string
  write(name: string, text: string): void
}

/** A folder with these files, gone after the test. */
export function project(files: Readonly<Record<string, string>>): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fnware-cli-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return { folder, write }
}

export interface Command {
  readonly process: ChildProcess
  /** All that it has said, on both streams. */
  output(): string
  /** Waits for words; fails, showing what was said, when they do not come. */
  says(words: string | RegExp, within?: number): Promise<void>
  /** The url that it says it listens on. */
  url(): Promise<string>
  /** Ends by itself, or by the signal. */
  ends(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Runs the command, unbuilt; killed after the test if it still runs. */
export function fnware(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const child = spawn(process.execPath, ['--conditions=@fnware/source', bin, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((end) =>
    child.once('close', (code, signal) => end({ code, signal })),
  )
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  const says = async (words: string | RegExp, within = 10_000) => {
    const end = Date.now() + within
    while (!(typeof words === 'string' ? said.includes(words) : words.test(said))) {
      if (Date.now() > end) throw new Error(`did not say ${words} within ${within} ms, but:\n${said}`)
      await new Promise((later) => setTimeout(later, 10))
    }
  }
  return {
    process: child,
    output: () => said,
    says,
    async url() {
      await says(/http:\/\/\S+:\d+\n/)
      return said.match(/http:\/\/\S+:\d+(?=\n)/)![0]
    },
    ends(signal) {
      if (signal) child.kill(signal)
      return ended
    },
  }
}

/** Waits until something holds; fails loudly when it does not come to hold. */
export async function until(holds: () => unknown, within = 10_000): Promise<void> {
  const end = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come to hold within ${within} ms: ${holds}`)
    await new Promise((later) => setTimeout(later, 10))
  }
}

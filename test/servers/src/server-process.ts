import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { account, type Folder } from './folder.ts'
import { startWatchdog } from './watchdog.ts'

export interface ServerProcessOptions {
  name: string
  folder: Folder
  command: string
  args: string[]
  /** What ends it in good order, with its clients told: `stop()`. */
  stopSignal: NodeJS.Signals
  /** What ends it at once: `close()`. */
  quitSignal: NodeJS.Signals
  /** Rejects as long as the server does not answer. */
  ready: () => Promise<unknown>
}

/** What every server of this package can be made to do. */
export interface ServerProcess {
  /** Starts it again, on the same port and the same data. */
  start(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>
  /** SIGSTOP to all of its processes: connections stay open, and nobody answers. */
  pause(): Promise<void>
  /** SIGCONT. */
  resume(): Promise<void>
  /** Ends it and removes its folder. */
  close(): Promise<void>
}

const patience = 30_000

export function serverProcess(options: ServerProcessOptions): ServerProcess {
  const { name, folder, command, args } = options
  const watchdog = startWatchdog(folder.path, options.quitSignal.slice('SIG'.length))
  let child: ChildProcess | undefined
  let output = ''

  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null

  async function exit(): Promise<void> {
    child!.ref()
    await once(child!, 'exit')
  }

  async function signalAll(signal: NodeJS.Signals): Promise<number[]> {
    if (!running()) throw new Error(`${name} is not running`)
    const pid = child!.pid!
    // The first process makes the others: it goes first, so that no more are made.
    if (signal !== 'SIGCONT') process.kill(pid, signal)
    const children = await childrenOf(pid)
    for (const one of children) killIfThere(one, signal)
    if (signal === 'SIGCONT') process.kill(pid, signal)
    return children
  }

  async function start(): Promise<void> {
    if (running()) throw new Error(`${name} is running already`)
    output = ''
    const started = spawn(command, args, { ...account, cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    let fault: Error | undefined
    started.once('error', (error) => (fault = error))
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk) => (output = (output + chunk).slice(-4_000)))
    letGo(started)
    if (started.pid !== undefined) watchdog.watch(started.pid)
    const until = Date.now() + patience
    for (;;) {
      const failure = await options.ready().then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      if (fault) throw fault
      if (!running()) throw new Error(`${name} has ended (${started.exitCode ?? started.signalCode}):\n${output}`)
      if (!failure) return
      if (Date.now() > until)
        throw new Error(`${name} has not answered for ${patience} ms:\n${output}`, { cause: failure.error })
      await sleep(10)
    }
  }

  async function stop(): Promise<void> {
    if (!running()) return
    const exited = exit()
    // What is paused would be waited for.
    await signalAll('SIGCONT')
    child!.kill(options.stopSignal)
    await exited
  }

  async function kill(): Promise<void> {
    const exited = exit()
    // Stopped first: once it has been killed nobody can tell its children any more.
    const children = await signalAll('SIGSTOP')
    for (const one of [child!.pid!, ...children]) killIfThere(one, 'SIGKILL')
    await exited
    while ((await Promise.all(children.map(isAlive))).includes(true)) await sleep(5)
  }

  async function close(): Promise<void> {
    const exited = running() ? exit() : undefined
    await watchdog.end()
    await exited
  }

  return {
    start,
    stop,
    kill,
    pause: async () => void (await signalAll('SIGSTOP')),
    resume: async () => void (await signalAll('SIGCONT')),
    close,
  }
}

/** A test that forgets a server ends all the same. */
function letGo(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdout, child.stderr]) (stream as Socket).unref()
}

async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return list.split(' ').filter(Boolean).map(Number)
}

function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A zombie has let go of everything that it held. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
}

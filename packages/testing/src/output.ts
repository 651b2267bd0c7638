import { AsyncLocalStorage } from 'node:async_hooks'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { Logs } from './logs.ts'

const streams = ['stdout', 'stderr'] as const
type Stream = (typeof streams)[number]
type Method = keyof Console & string

/** Whose output it is, through everything that the code under test starts. */
export const collecting: AsyncLocalStorage<Collector> = new AsyncLocalStorage()

/** What was written by one function, and by what it started. */
export class Collector implements Logs {
  readonly #outer: Collector | undefined
  readonly #chunks: (readonly [stream: Stream, chunk: Buffer])[] = []
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  /** The beginning of a line that is not finished. */
  readonly #begun = { stdout: '', stderr: '' }
  readonly #lines: string[] = []
  #console: Console | undefined
  #closed = false

  constructor(outer: Collector | undefined) {
    this.#outer = outer
  }

  write(stream: Stream, chunk: Buffer): void {
    this.#chunks.push([stream, chunk])
    const [rest = '', ...lines] = (this.#begun[stream] + this.#decoders[stream].write(chunk)).split('\n').reverse()
    this.#begun[stream] = rest
    this.#lines.push(...lines.reverse())
  }

  get text(): readonly string[] {
    return [...this.#lines, ...streams.map((stream) => this.#begun[stream]).filter(Boolean)]
  }
  get json(): readonly Readonly<Record<string, unknown>>[] {
    return this.text.flatMap(jsonObject)
  }
  get stdout(): string {
    return this.#all('stdout')
  }
  get stderr(): string {
    return this.#all('stderr')
  }
  #all(stream: Stream) {
    return Buffer.concat(this.#chunks.filter(([to]) => to === stream).map(([, chunk]) => chunk)).toString('utf8')
  }

  /** A console of its own, whose groups, counters and timers nobody else's code moves. */
  get console(): Console {
    return (this.#console ??= new Console({ stdout: this.#writable('stdout'), stderr: this.#writable('stderr') }))
  }
  #writable(stream: Stream) {
    return new Writable({
      decodeStrings: true,
      write: (chunk: Buffer, _, done) => {
        this.write(stream, chunk)
        done()
      },
    })
  }

  /** From now on, what is written goes to whoever collects around this one. */
  close(): void {
    this.#closed = true
  }
  get open(): Collector | undefined {
    return this.#closed ? this.#outer?.open : this
  }
  /** Shows what was collected. */
  replay(): void {
    for (const [stream, chunk] of this.#chunks) process[stream].write(chunk)
  }
}

const jsonObject = (line: string): Readonly<Record<string, unknown>>[] => {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as {}] : []
  } catch {
    return []
  }
}

// The process has one console and one stdout, so that those who listen at once share one set of ears.
let listeners = 0
let restore = () => {}

/** Stands before console and streams until all who listen have stopped. What nobody collects goes on as ever. */
export const listening = (): (() => void) => {
  if (listeners++ === 0) {
    const restores = [...streams.map(replaceWrite), ...consoleMethods().map(replaceMethod)]
    restore = () => {
      for (const undo of restores) undo()
    }
  }
  return () => {
    if (--listeners === 0) restore()
  }
}

const consoleMethods = () =>
  Object.entries(new Console(process.stdout))
    .filter(([name, value]) => typeof value === 'function' && typeof console[name as Method] === 'function')
    .map(([name]) => name as Method)

const replaceMethod = (name: Method) => {
  const before = console[name] as (...args: unknown[]) => unknown
  const ours = (...args: unknown[]) => {
    const collector = collecting.getStore()?.open
    return collector ? (collector.console[name] as typeof before)(...args) : before.apply(console, args)
  }
  Object.assign(console, { [name]: ours })
  return () => {
    // Somebody else's spy stays, on top of what collects nothing any more.
    if (console[name] === ours) Object.assign(console, { [name]: before })
  }
}

const replaceWrite = (name: Stream) => {
  const stream = process[name]
  const own = Object.getOwnPropertyDescriptor(stream, 'write')
  const before = stream.write as (...args: unknown[]) => boolean
  const ours = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const collector = collecting.getStore()?.open
    if (!collector) return before.call(stream, chunk, ...rest)
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8'
    collector.write(name, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk))
    const written = rest.find((it) => typeof it === 'function') as ((error?: null) => void) | undefined
    if (written) process.nextTick(written, null)
    return true
  }
  stream.write = ours as typeof stream.write
  return () => {
    if (stream.write !== ours) return
    if (own) Object.defineProperty(stream, 'write', own)
    else Reflect.deleteProperty(stream, 'write')
  }
}

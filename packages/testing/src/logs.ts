import { AsyncLocalStorage } from 'node:async_hooks'
import { format } from 'node:util'

/** What was written while a function ran. */
export interface Logs {
  /** Every line, in order, of stdout and stderr. */
  readonly text: readonly string[]
  /** The lines that are JSON objects, parsed. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
}

const methods = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const
const streams = [process.stdout, process.stderr] as const
const collecting = new AsyncLocalStorage<string[]>()
let users = 0
let restore = () => {}

/**
 * Runs a function and collects what it writes to the console, to stdout and to stderr, in it and in all that it starts.
 * Nothing of that is shown. May be used several times at once: each collects its own.
 */
export const collectLogs = async <T>(fn: () => T | Promise<T>): Promise<{ result: T; logs: Logs }> => {
  if (users++ === 0) restore = listen()
  const chunks: string[] = []
  try {
    const result = await collecting.run(chunks, async () => fn())
    return { result, logs: logsOf(chunks) }
  } finally {
    if (--users === 0) restore()
  }
}

const logsOf = (chunks: readonly string[]): Logs => {
  const text = chunks.join('').split('\n').filter(Boolean)
  const json = text.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line)
      return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : []
    } catch {
      return []
    }
  })
  return { text, json }
}

/** Stands before the console and the streams. What nobody collects goes on as ever. */
const listen = () => {
  const before = methods.map((method) => console[method])
  for (const [i, method] of methods.entries())
    console[method] = (...args: unknown[]) => {
      const chunks = collecting.getStore()
      if (chunks) chunks.push(`${format(...args)}\n`)
      else before[i]?.apply(console, args)
    }
  const writes = streams.map((stream) => stream.write)
  for (const [i, stream] of streams.entries())
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      const chunks = collecting.getStore()
      if (!chunks) return (writes[i] as (...args: unknown[]) => boolean).call(stream, chunk, ...rest)
      chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
      const done = rest.find((it) => typeof it === 'function')
      if (done) process.nextTick(done)
      return true
    }) as typeof stream.write
  return () => {
    for (const [i, method] of methods.entries()) console[method] = before[i] as typeof console.log
    for (const [i, stream] of streams.entries()) stream.write = writes[i] as typeof stream.write
  }
}

import type { Identity } from './identity.ts'
import { type Level, rankOf } from './level.ts'
import { invocationKey, type Writer } from './powertools.ts'
import type { Clean } from './redact.ts'

/** More about a line: keys of its own, or an Error. */
export type Extra = Readonly<Record<string, unknown>> | Error

/** A logger of one invocation. */
export interface Logger {
  /** The least that is written in this invocation. */
  readonly level: Level
  trace(message: string, extra?: Extra): void
  debug(message: string, extra?: Extra): void
  info(message: string, extra?: Extra): void
  warn(message: string, extra?: Extra): void
  error(message: string, extra?: Extra): void
  critical(message: string, extra?: Extra): void
  /** Adds keys to this logger's further lines. They end with the invocation. */
  appendKeys(keys: Readonly<Record<string, unknown>>): void
  /** A logger with more keys, on lines of its own alone. */
  child(keys: Readonly<Record<string, unknown>>): Logger
}

type Method = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical'

export class InvocationLogger implements Logger {
  readonly level: Level
  readonly #rank: number
  readonly #writer: Writer
  readonly #clean: Clean
  readonly #identity: () => Identity
  #keys: Readonly<Record<string, unknown>>

  constructor(
    level: Level,
    writer: Writer,
    clean: Clean,
    identity: () => Identity,
    keys: Readonly<Record<string, unknown>>,
  ) {
    this.level = level
    this.#rank = rankOf(level)
    this.#writer = writer
    this.#clean = clean
    this.#identity = identity
    this.#keys = keys
  }

  trace(message: string, extra?: Extra): void {
    this.#write('TRACE', message, extra)
  }
  debug(message: string, extra?: Extra): void {
    this.#write('DEBUG', message, extra)
  }
  info(message: string, extra?: Extra): void {
    this.#write('INFO', message, extra)
  }
  warn(message: string, extra?: Extra): void {
    this.#write('WARN', message, extra)
  }
  error(message: string, extra?: Extra): void {
    this.#write('ERROR', message, extra)
  }
  critical(message: string, extra?: Extra): void {
    this.#write('CRITICAL', message, extra)
  }

  appendKeys(keys: Readonly<Record<string, unknown>>): void {
    this.#keys = { ...this.#keys, ...keys }
  }
  child(keys: Readonly<Record<string, unknown>>): Logger {
    return new InvocationLogger(this.level, this.#writer, this.#clean, this.#identity, { ...this.#keys, ...keys })
  }

  #write(level: Uppercase<Method>, message: string, extra: Extra | undefined) {
    if (rankOf(level) < this.#rank) return
    const { attributes, keys } = this.#identity()
    const fields = { ...keys, ...this.#keys, ...keysOf(extra) }
    const written = { [invocationKey]: attributes, ...(this.#clean(fields) as object) }
    this.#writer.logger[level.toLowerCase() as Method](String(message), written)
  }
}

/** What else was given, by keys. Types refuse what is none; JavaScript may still give it. */
const keysOf = (extra: unknown): object | undefined => {
  if (extra instanceof Error) return { error: extra }
  return extra === undefined || (typeof extra === 'object' && !Array.isArray(extra)) ? (extra as object) : { extra }
}

import { writeLine } from '@fnware/core/extend'
import type { Identity } from './identity.ts'
import { type Level, rankOf } from './level.ts'
import { keysOf, together } from './line.ts'
import type { Method, Writer } from './writer.ts'

/** More about a line: an object whose keys go on it, or an Error, which goes under `error`. */
export type Extra = object

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
  appendKeys(keys: Extra): void
  /** A logger with more keys, on lines of its own alone. */
  child(keys: Extra): Logger
}

export class InvocationLogger implements Logger {
  readonly level: Level
  readonly #rank: number
  readonly #writer: Writer
  readonly #identity: () => Identity
  #keys: object

  constructor(level: Level, writer: Writer, identity: () => Identity, keys: object) {
    this.level = level
    this.#rank = rankOf(level)
    this.#writer = writer
    this.#identity = identity
    this.#keys = keys
  }

  trace(message: string, extra?: Extra): void {
    this.#write('TRACE', 'trace', message, extra)
  }
  debug(message: string, extra?: Extra): void {
    this.#write('DEBUG', 'debug', message, extra)
  }
  info(message: string, extra?: Extra): void {
    this.#write('INFO', 'info', message, extra)
  }
  warn(message: string, extra?: Extra): void {
    this.#write('WARN', 'warn', message, extra)
  }
  error(message: string, extra?: Extra): void {
    this.#write('ERROR', 'error', message, extra)
  }
  critical(message: string, extra?: Extra): void {
    this.#write('CRITICAL', 'critical', message, extra)
  }

  appendKeys(keys: Extra): void {
    this.#keys = together(this.#keys, keysOf(keys))
  }
  child(keys: Extra): Logger {
    const all = together(this.#keys, keysOf(keys))
    return new InvocationLogger(this.level, this.#writer, this.#identity, all)
  }

  #write(level: Level, method: Method, message: string, extra: Extra | undefined) {
    if (rankOf(level) < this.#rank) return
    const line = this.#writer.line(method, message, this.#identity(), this.#keys, extra)
    if (line) writeLine(line)
  }
}

import type { Invocation } from '@fnware/core'
import { type PerRecord, perRecord } from '@fnware/core/extend'
import type { InvocationLines } from './invocation-lines.ts'
import type { Level } from './level.ts'
import { keysOf, together } from './line.ts'

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

/** @param keys of all its lines */
export const invocationLogger = (lines: InvocationLines, keys: object): Logger & PerRecord =>
  new InvocationLogger(lines, keys)

class InvocationLogger implements Logger, PerRecord {
  readonly #lines: InvocationLines
  #keys: object

  constructor(lines: InvocationLines, keys: object) {
    this.#lines = lines
    this.#keys = keys
  }

  get level(): Level {
    return this.#lines.level
  }
  trace(message: string, extra?: Extra): void {
    this.#lines.write('TRACE', 'trace', this.#keys, message, extra)
  }
  debug(message: string, extra?: Extra): void {
    this.#lines.write('DEBUG', 'debug', this.#keys, message, extra)
  }
  info(message: string, extra?: Extra): void {
    this.#lines.write('INFO', 'info', this.#keys, message, extra)
  }
  warn(message: string, extra?: Extra): void {
    this.#lines.write('WARN', 'warn', this.#keys, message, extra)
  }
  error(message: string, extra?: Extra): void {
    this.#lines.write('ERROR', 'error', this.#keys, message, extra)
  }
  critical(message: string, extra?: Extra): void {
    this.#lines.write('CRITICAL', 'critical', this.#keys, message, extra)
  }

  appendKeys(keys: Extra): void {
    this.#keys = together(this.#keys, keysOf(keys))
  }
  child(keys: Extra): Logger {
    return new InvocationLogger(this.#lines, together(this.#keys, keysOf(keys)))
  }
  /** A record of a batch has one that names it, by its own correlation. */
  [perRecord](id: string, record: Invocation): Logger {
    return new InvocationLogger(this.#lines.ofRecord(record), together(this.#keys, { record_id: id }))
  }
}

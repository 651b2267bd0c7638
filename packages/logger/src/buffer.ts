import { checkOptions } from '@fnware/core/extend'
import { levelNamed, rankOf } from './level.ts'
import type { Method } from './writer.ts'

/** What is kept of an invocation until it is known how it ends. The names are those of Powertools' `logBufferOptions`. */
export interface BufferOptions {
  /**
   * Lines of this level and below are kept even where the level would let them be written at once; DEBUG by default. What is
   * below the level is kept in any case.
   */
  readonly bufferAtVerbosity?: BufferLevel | Lowercase<BufferLevel>
  /** Bytes that an invocation's lines take, about, each by what it was given; 20 480 by default. The oldest are dropped. */
  readonly maxBytes?: number
  /** Whether a line of ERROR and above has those before it written; true by default. */
  readonly flushOnErrorLog?: boolean
}
type BufferLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN'

export interface Buffering {
  /** The rank of the least that is written at once, whatever the level. */
  readonly atOnce: number
  readonly most: number
  readonly onErrorLine: boolean
}

/** @throws TypeError on an unknown option, or one of the wrong kind */
export const bufferingOf = (option: boolean | BufferOptions | undefined): Buffering | undefined => {
  if (!option) return undefined
  const options = option === true ? {} : option
  checkOptions('logger(): `buffer`', options, {
    bufferAtVerbosity: 'string',
    maxBytes: 'number',
    flushOnErrorLog: 'boolean',
  })
  const { bufferAtVerbosity = 'DEBUG', maxBytes = 20_480, flushOnErrorLog = true } = options
  const level = levelNamed(bufferAtVerbosity)
  if (!level || rankOf(level) > rankOf('WARN'))
    throw new TypeError('logger(): `buffer`: `bufferAtVerbosity` must be TRACE, DEBUG, INFO or WARN')
  return { atOnce: rankOf(level) + 1, most: maxBytes, onErrorLine: flushOnErrorLog }
}

/** A line that is kept, as it was given. */
export interface KeptLine<By = unknown> {
  /** Who said it. */
  readonly by: By
  readonly method: Method
  /** ms since the epoch. */
  readonly at: number
  readonly message: string
  /** The logger's, and what was given with the line. */
  readonly keys: object
  readonly given: object | undefined
  readonly bytes: number
}

/** The lines of one invocation that wait for its end. */
export class Kept<By = unknown> {
  readonly most: number
  #lines: (KeptLine<By> | undefined)[] = []
  #first = 0
  #bytes = 0
  /** How many were dropped for want of room. */
  dropped = 0

  constructor(most: number) {
    this.most = most
  }

  add(line: KeptLine<By>): void {
    this.#lines.push(line)
    this.#bytes += line.bytes
    while (this.#bytes > this.most && this.#first < this.#lines.length - 1) this.#drop()
  }

  /** Those that are nobody's in particular and those of this record, or all of them; oldest first, and kept no longer. */
  take(record: unknown): readonly KeptLine<By>[] {
    const lines = this.#lines.slice(this.#first) as KeptLine<By>[]
    const stays = ({ keys }: KeptLine<By>) => {
      const { record_id: its } = keys as { readonly record_id?: unknown }
      return record !== undefined && its !== undefined && its !== record
    }
    this.#lines = lines.filter(stays)
    this.#first = 0
    this.#bytes = this.#lines.reduce((sum, line) => sum + (line as KeptLine<By>).bytes, 0)
    return lines.filter((line) => !stays(line))
  }

  #drop() {
    this.#bytes -= (this.#lines[this.#first] as KeptLine<By>).bytes
    this.#lines[this.#first++] = undefined
    this.dropped++
    // An array that is shifted one by one is moved as a whole each time.
    if (this.#first > 64 && this.#first * 2 > this.#lines.length) {
      this.#lines.splice(0, this.#first)
      this.#first = 0
    }
  }
}

import type { CorrelationOptions, Invocation } from '@fnware/core'
import { coldStartOf, correlationOf, writeLine } from '@fnware/core/extend'
import { type Buffering, Kept } from './buffer.ts'
import { type Identity, identityOf } from './identity.ts'
import { type Level, least, lower, rankOf } from './level.ts'
import { keysOf, messageOf, together } from './line.ts'
import { isFlat, snapshotOf } from './snapshot.ts'
import type { Method, Writer } from './writer.ts'

/** What all invocations of a logger have in common. */
export interface Common {
  readonly writer: Writer
  readonly correlation: CorrelationOptions
  readonly sampleRate: number
  readonly buffering: Buffering | undefined
  /** The least that Lambda lets through. */
  readonly floor: Level
}

/** How one invocation's lines are written: at once, or kept until it fails, or not at all. */
export class InvocationLines {
  readonly #common: Common
  readonly #ctx: Invocation
  readonly #coldStart: boolean
  #level: Level
  /** The rank of the least that is written at once. */
  #atOnce: number
  #isDecided = false
  /** What becomes of the others. */
  #others: 'kept' | 'written' | 'dropped'
  #identity: Identity | undefined = undefined
  #kept: Kept | undefined = undefined

  constructor(common: Common, ctx: Invocation, level: Level) {
    const { buffering } = common
    this.#common = common
    this.#ctx = ctx
    this.#coldStart = coldStartOf(ctx)
    this.#level = level
    this.#atOnce = buffering ? Math.max(rankOf(level), buffering.atOnce) : rankOf(level)
    this.#others = buffering ? 'kept' : 'dropped'
    // What this invocation calls is told of it.
    if (common.sampleRate > 0) this.#decide()
  }

  get level(): Level {
    this.#decide()
    return this.#level
  }

  write(level: Level, method: Method, keys: object, message: string, extra: object | undefined): void {
    const rank = rankOf(level)
    if (rank < this.#atOnce && rank < this.#decide()) {
      if (this.#others === 'dropped' || rank < rankOf(this.#common.floor)) return
      if (this.#others === 'kept') {
        this.#keep(method, keys, message, extra)
        return
      }
    }
    if (rank >= errors && this.#common.buffering?.onErrorLine) this.flush(recordOf(keys))
    this.#put(method, keys, message, extra)
  }

  /** The invocation has failed, or what is told of by `about` in it. */
  failed(about: object | undefined): void {
    // While there is somebody to ask: a context is dead when its deadline has been answered.
    this.identity()
    this.flush(about && recordOf(about))
  }
  /** Writes what was kept: where it is a record that has failed, without what other records said. */
  flush(record?: unknown): void {
    const kept = this.#kept
    if (!kept) return
    const lines = kept.take(record)
    const { dropped, most } = kept
    kept.dropped = 0
    if (dropped > 0 && rankOf('WARN') >= rankOf(this.#common.floor))
      this.#put('warn', {}, `${dropped} earlier lines were dropped: the logger's \`buffer\` keeps ${most} bytes`, {
        dropped,
      })
    for (const { method, keys, message, given, at } of lines) this.#put(method, keys, message, given, at)
  }
  /** Nothing is kept any longer: the invocation is over, or its time is nearly up. */
  release(hasFailed: boolean): void {
    if (this.#others !== 'kept') return
    this.#others = hasFailed ? 'written' : 'dropped'
    if (hasFailed) this.flush()
    this.#kept = undefined
  }

  /** Made by the first line: most invocations of a function that logs errors alone write none. */
  identity(): Identity {
    if (this.#identity) return this.#identity
    const { correlation, sampleRate } = this.#common
    const { id, error } = correlationOf(this.#ctx, correlation)
    this.#identity = identityOf(this.#ctx.context, id, this.#coldStart, sampleRate)
    if (error) this.write('WARN', 'warn', {}, 'logger(): `correlationId` failed', error)
    return this.#identity
  }

  /**
   * Whether DEBUG lines are written, as what caused the invocation says, or else as is drawn: asked at the first line that
   * hangs on it.
   */
  #decide(): number {
    if (this.#isDecided) return this.#atOnce
    this.#isDecided = true
    const { correlation: options, sampleRate, floor } = this.#common
    const correlation = correlationOf(this.#ctx, options)
    if (sampleRate > 0) correlation.debug ??= Math.random() < sampleRate
    if (correlation.debug) {
      this.#level = lower(this.#level, least('DEBUG', floor))
      this.#atOnce = rankOf(this.#level)
    }
    return this.#atOnce
  }

  #put(method: Method, keys: object, message: unknown, extra?: object, at?: number) {
    const line = this.#common.writer.line(method, message, this.identity(), keys, extra, at)
    if (line) writeLine(line)
  }

  #keep(method: Method, keys: object, message: string, extra: object | undefined) {
    const kept = this.#kept ?? this.#begin()
    try {
      const { text, more } = messageOf(message)
      const { value: given, bytes } = snapshotOf(more ? together(more, keysOf(extra)) : keysOf(extra), kept.most)
      const all = isFlat(keys) ? { value: keys, bytes: 0 } : snapshotOf(keys, kept.most)
      kept.add({
        method,
        at: Date.now(),
        message: text,
        keys: all.value as object,
        given: given as object | undefined,
        bytes: text.length + bytes + all.bytes + overhead,
      })
    } catch {
      // As above.
    }
  }
  #begin(): Kept {
    this.#kept = new Kept((this.#common.buffering as Buffering).most)
    // Where nobody answers at the deadline, nobody tells of it either.
    this.#ctx.signal.addEventListener('abort', () => this.release(true), { once: true })
    return this.#kept
  }
}

const recordOf = (keys: object): unknown => (keys as { readonly record_id?: unknown }).record_id

const errors = rankOf('ERROR')
/** Bytes of a line beside what it was given. */
const overhead = 100

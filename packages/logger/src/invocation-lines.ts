import type { CorrelationOptions, Invocation } from '@fnware/core'
import { type CorrelationOf, coldStartOf, correlationOf, writeLine } from '@fnware/core/extend'
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

/** How the lines of one invocation, or of one record of its batch, are written: at once, or kept until it fails, or not at all. */
export class InvocationLines {
  readonly #common: Common
  readonly #ctx: Invocation
  readonly #coldStart: boolean
  /** Of the whole invocation: what is kept is kept there. */
  readonly #whole: InvocationLines
  /** What was asked for, and what is written where DEBUG lines are. */
  readonly #asked: Level
  #level: Level
  /** The rank of the least that is written at once. */
  #atOnce: number
  #isDecided = false
  /** What becomes of the others. */
  #others: 'kept' | 'written' | 'dropped'
  #identity: Identity | undefined = undefined
  #kept: Kept<InvocationLines> | undefined = undefined

  constructor(common: Common, ctx: Invocation, level: Level, whole?: InvocationLines) {
    const { buffering } = common
    this.#common = common
    this.#ctx = ctx
    this.#coldStart = coldStartOf(ctx)
    this.#whole = whole ?? this
    this.#asked = level
    this.#level = level
    this.#atOnce = buffering ? Math.max(rankOf(level), buffering.atOnce) : rankOf(level)
    this.#others = buffering ? 'kept' : 'dropped'
    // What this invocation calls is told of it.
    if (common.sampleRate > 0) this.#decide()
  }

  /** A record has what came with it: an id, and whether its DEBUG lines are written. */
  ofRecord(record: Invocation): InvocationLines {
    return new InvocationLines(this.#common, record, this.#whole.#asked, this.#whole)
  }

  get level(): Level {
    this.#decide()
    return this.#level
  }

  write(level: Level, method: Method, keys: object, message: string, extra: object | undefined): void {
    const rank = rankOf(level)
    if (rank < this.#atOnce && rank < this.#decide()) {
      const others = this.#whole.#others
      if (others === 'dropped' || rank < rankOf(this.#common.floor)) return
      if (others === 'kept') {
        this.#keep(method, keys, message, extra)
        return
      }
    }
    if (rank >= errors && this.#common.buffering?.onErrorLine) this.flush(recordOf(keys))
    this.#put(method, keys, message, extra)
  }

  /** The invocation has failed, or a record of it. */
  failed(record: string | undefined): void {
    // While there is somebody to ask: a context is dead when its deadline has been answered.
    this.identity()
    this.flush(record)
  }
  /** Writes what was kept: where it is a record that has failed, without what other records said. */
  flush(record?: unknown): void {
    const kept = this.#whole.#kept
    if (!kept) return
    const lines = kept.take(record)
    const { dropped, most } = kept
    kept.dropped = 0
    if (dropped > 0 && rankOf('WARN') >= rankOf(this.#common.floor))
      this.#put('warn', {}, `${dropped} earlier lines were dropped: the logger's \`buffer\` keeps ${most} bytes`, {
        dropped,
      })
    for (const { by, method, keys, message, given, at } of lines) by.#put(method, keys, message, given, at)
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
    const { id, error } = this.#correlation()
    this.#identity =
      this.#whole === this
        ? identityOf(this.#ctx.context, id, this.#coldStart, this.#common.sampleRate)
        : { attributes: this.#whole.identity().attributes, keys: { correlation_id: id } }
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
    const { sampleRate, floor } = this.#common
    const correlation = this.#correlation()
    if (this.#whole !== this) correlation.debug ??= this.#whole.#correlation().debug
    else if (sampleRate > 0) correlation.debug ??= Math.random() < sampleRate
    if (correlation.debug) {
      this.#level = lower(this.#level, least('DEBUG', floor))
      this.#atOnce = rankOf(this.#level)
    }
    return this.#atOnce
  }

  #correlation(): CorrelationOf {
    try {
      return correlationOf(this.#ctx, this.#common.correlation)
    } catch (error) {
      // That of a record was never asked for, and is dead by now.
      if (this.#whole === this) throw error
      return this.#whole.#correlation()
    }
  }

  #put(method: Method, keys: object, message: unknown, extra?: object, at?: number) {
    const line = this.#common.writer.line(method, message, this.identity(), keys, extra, at)
    if (line) writeLine(line)
  }

  #keep(method: Method, keys: object, message: string, extra: object | undefined) {
    const kept = this.#whole.#kept ?? this.#whole.#begin()
    try {
      const { text, more } = messageOf(message)
      const { value: given, bytes } = snapshotOf(more ? together(more, keysOf(extra)) : keysOf(extra), kept.most)
      const all = isFlat(keys) ? { value: keys, bytes: 0 } : snapshotOf(keys, kept.most)
      kept.add({
        by: this,
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
  #begin(): Kept<InvocationLines> {
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

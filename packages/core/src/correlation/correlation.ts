import type { Context } from '../context.ts'
import { toError } from '../errors.ts'
import type { Invocation } from '../invocation.ts'
import { type OfRecord, recordOf } from '../per-record.ts'
import { debugIn, idOf } from './received.ts'

/** What ties an invocation to what caused it, and to what it causes. */
export interface Correlation {
  /** One for all that came of one request. At most 256 printable ASCII characters. */
  readonly id: string
  /** Whether DEBUG lines are written for all of it, once that was decided: see `sampleRate` of the logger. */
  readonly debug: boolean | undefined
}

export interface CorrelationOptions {
  /**
   * The id, up to 256 printable ASCII characters; by default, and where this gives nothing of the kind, what the event
   * brings: a client's `x-correlation-id`, an id of the service's own, and else the invocation's request id.
   */
  readonly id?: (event: unknown, context: Context) => string | undefined
  /**
   * Whether a client of an HTTP API may have DEBUG lines written, by `x-correlation-debug: 1`. False by default: anybody
   * could. What comes by queues, events and invocations is believed.
   */
  readonly trustDebug?: boolean
}

export class CorrelationOf implements Correlation {
  readonly #event: unknown
  readonly #context: Context
  readonly #options: CorrelationOptions
  #id: string | undefined = undefined
  debug: boolean | undefined
  /** Why the user's own way to an id failed, where it did: known once `id` has been read. */
  error: Error | undefined = undefined

  constructor(event: unknown, context: Context, options: CorrelationOptions = {}) {
    this.#event = event
    this.#context = context
    this.#options = options
    this.debug = debugIn(event, options.trustDebug)
  }

  /** Worked out when it is first read: most invocations of a function that logs errors alone never need it. */
  get id(): string {
    this.#id ??= idOf(this.#own(), this.#event, this.#context)
    return this.#id
  }
  #own(): unknown {
    try {
      return this.#options.id?.(this.#event, this.#context)
    } catch (thrown) {
      this.error = toError(thrown)
      return undefined
    }
  }
}

/** Where a context has it: a record's is another than its batch's. Registered, for a function that holds two copies. */
const known: unique symbol = Symbol.for('fnware.correlation') as never
interface Known {
  [known]?: CorrelationOf
}

/** An invocation's, worked out when it is first asked for; `options` are of whoever asks first. */
export const correlationOf = (ctx: Invocation, options?: CorrelationOptions): CorrelationOf => {
  // Its own alone: a context may inherit from another.
  const correlation = Object.hasOwn(ctx, known) ? (ctx as Known)[known] : undefined
  if (correlation) return correlation
  const worked = workedOut(ctx, options)
  // Somebody may have frozen it: then it is worked out each time.
  Reflect.set(ctx, known, worked)
  return worked
}

const workedOut = (ctx: Invocation & OfRecord, options?: CorrelationOptions): CorrelationOf => {
  const record = ctx[recordOf]
  // What came with a record came to it alone.
  return new CorrelationOf(record ? { Records: [record] } : ctx.event, ctx.context, options)
}

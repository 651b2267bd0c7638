import { add } from '../compose.ts'
import type { Flight } from '../flight.ts'
import type { ContextClass, Invocation } from '../invocation.ts'
import { type OfRecord, recordOf } from '../per-record.ts'
import { Unwinding } from '../unwinding.ts'

/** A record under way. */
export class RecordFlight extends Unwinding {
  readonly at: number
  readonly ctx: Invocation
  readonly #flight: Flight
  reached = false
  /** What the function returned. */
  result: unknown = undefined

  /** Its context has what the batch's has, and is of the same class: what is added to it is its own. */
  constructor(at: number, record: object, batch: Invocation, flight: Flight) {
    super()
    this.at = at
    this.#flight = flight
    const Own = Object.getPrototypeOf(batch).constructor as ContextClass
    const ctx: Invocation & { -readonly [K in keyof OfRecord]: OfRecord[K] } = new Own(
      batch.event,
      batch.context,
      flight,
    )
    ctx[recordOf] = record
    this.ctx = add(ctx, batch)
  }
  override failed(what: string): (thrown: unknown) => void {
    return this.#flight.failed(what)
  }
}

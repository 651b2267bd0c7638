import { add } from '../compose.ts'
import type { Flight } from '../flight.ts'
import type { ContextClass, Invocation } from '../invocation.ts'
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
  constructor(at: number, batch: Invocation, flight: Flight) {
    super()
    this.at = at
    this.#flight = flight
    const Own = Object.getPrototypeOf(batch).constructor as ContextClass
    this.ctx = add(new Own(batch.event, batch.context, flight), batch)
  }
  override failed(what: string): (thrown: unknown) => void {
    return this.#flight.failed(what)
  }
}

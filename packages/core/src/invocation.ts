import type { Context } from './context.ts'
import type { Deferred } from './ending.ts'
import type { Flight } from './flight.ts'

/** What every invocation starts with. Declared as a class, so that the compiler knows that `{ ...ctx }` leaves the accessors behind. */
declare abstract class Invocation<Event = unknown> {
  /** The event, as Lambda gave it. Never changed by fnware. */
  readonly event: Event
  /** Lambda's own context: request id, remaining time, function name. */
  readonly context: Context
  /** Aborts shortly before Lambda would end the invocation (`deadline` of `lambda()`'s options). Made when first asked for. */
  get signal(): AbortSignal
  /**
   * Runs `fn` when the answer is complete, be it a result, an error or the deadline's; last registered, first run.
   * Lambda freezes the process once it has the answer, so a promise that `fn` returns holds the answer back until it
   * settles or the time is nearly up. What `fn` throws goes to the log.
   * @throws Error after the invocation has ended, when it could never run
   */
  defer(fn: Deferred): void
}

export type { Invocation }

/** Taken by every invocation: neither a middleware nor a resource may use these. */
export const reserved: readonly string[] = ['event', 'context', 'signal', 'defer']

/** Leads from a context to its flight. A registered symbol, since the context may be another copy's of this package. */
export const flightOf: unique symbol = Symbol.for('fnware.flight') as never

export interface InFlight {
  readonly [flightOf]: Flight
}

export type ContextClass = new <Event>(event: Event, context: Context, flight: Flight) => Invocation<Event>

/** One class per function: its resources go on the prototype, so that they cost an invocation nothing. */
export const contextClass = (): ContextClass =>
  class {
    readonly #flight: Flight
    readonly event: never
    readonly context: Context
    constructor(event: unknown, context: Context, flight: Flight) {
      this.event = event as never
      this.context = context
      this.#flight = flight
    }
    get [flightOf](): Flight {
      let self: object = this
      // A record's context inherits from its batch's.
      while (!(#flight in self)) self = Object.getPrototypeOf(self)
      return self.#flight
    }
    get signal(): AbortSignal {
      return this[flightOf].signal()
    }
    /** A function of its own, which may be taken off the context. */
    get defer(): (fn: Deferred) => void {
      const flight = this[flightOf]
      return (fn) => flight.defer(fn)
    }
    /** As a key of what is added, such as a client's JSON, it would put that in the place of all of this. */
    set __proto__(_: unknown) {}
  }

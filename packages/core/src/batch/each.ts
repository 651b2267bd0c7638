import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Answered } from '../answering.ts'
import { add, compose, type Run } from '../compose.ts'
import { toError } from '../errors.ts'
import { kill } from '../expired.ts'
import { flightOf, type InFlight, type Invocation } from '../invocation.ts'
import { isError } from '../is-error.ts'
import { parse } from '../parse.ts'
import { perRecord, perRecords } from '../per-record.ts'
import type { AnyMiddleware } from '../plan.ts'
import { RecordFlight } from './record.ts'
import type { Records } from './records.ts'
import type { BatchSpec } from './spec.ts'
import { ByGroup, InTurn, type Turns } from './turns.ts'
import type { EachOptions } from './wire.ts'

export type AnySpec = BatchSpec<unknown, object, unknown, object>

/** The records of a batch, on its context. */
export const recordsOf: unique symbol = Symbol('records')
export type Opened = Invocation & InFlight & { readonly [recordsOf]: Records<object> }

/** What each record has of its own of what stands on the batch's context. */
type Owned = ReturnType<typeof perRecords>

/** What is run of a batch: for each record its middlewares and its function. */
export class Each {
  readonly #spec: AnySpec
  readonly #schema: StandardSchemaV1 | undefined
  readonly #concurrency: number
  readonly #onPermanent: ((ctx: never, error: Error) => unknown) | undefined
  readonly #run: Run<RecordFlight>

  constructor(
    spec: AnySpec,
    schema: StandardSchemaV1 | undefined,
    middlewares: readonly AnyMiddleware[],
    fn: (ctx: object) => unknown,
    { concurrency = 1, onPermanent }: EachOptions,
  ) {
    this.#spec = spec
    this.#schema = schema
    this.#concurrency = Math.max(1, Math.floor(concurrency))
    this.#onPermanent = onPermanent
    this.#run = compose(middlewares, async (ctx, record) => {
      // A record that was handed back is somebody else's by now.
      ;(ctx as InFlight)[flightOf].insist()
      record.reached = true
      record.result = await fn(ctx)
      return record.result
    })
  }

  /** All of a batch. Nothing is begun when its time is nearly up. */
  async batch(ctx: Opened): Promise<void> {
    const flight = ctx[flightOf] as Answered
    const { signal } = ctx
    const { all } = ctx[recordsOf]
    const turns = this.#turns(all)
    const owned = perRecords(ctx)
    const open = new Set<RecordFlight>()
    flight.over((error) => {
      for (const record of open) {
        record.unwound(error)
        if (flight.expired) kill(record.ctx)
      }
    })
    const work = async () => {
      let at: number | undefined
      while (!signal.aborted && (at = turns.next(at)) !== undefined) {
        const record = new RecordFlight(at, all[at] as object, ctx, flight)
        open.add(record)
        if (!(await this.#one(record, ctx[recordsOf], owned, flight))) turns.failed(at)
        open.delete(record)
      }
    }
    await Promise.all(Array.from({ length: Math.min(all.length, this.#concurrency) }, work))
  }

  #turns(all: readonly object[]): Turns {
    const { group, ordered = false } = this.#spec
    if (group)
      return new ByGroup(
        all.map((record) => group(record)),
        ordered,
      )
    return ordered ? new ByGroup(new Array(all.length).fill(''), true) : new InTurn(all.length)
  }

  /** Whether it went well, or need not be brought again. */
  async #one(record: RecordFlight, records: Records<object>, owned: Owned, flight: Answered): Promise<boolean> {
    const { at, ctx } = record
    const given = records.all[at] as object
    let error: Error | undefined
    try {
      const adds = this.#spec.open(given)
      add(ctx, adds)
      if (this.#schema) add(ctx, { input: await parse(this.#schema, this.#spec.payload(adds)) })
      for (const [key, of] of owned) add(ctx, { [key]: of[perRecord](this.#spec.id(given), ctx) })
      await this.#run(ctx, record)
      if (!record.reached) throw new TypeError('a middleware of .each() did not call next(): it must `return next()`')
    } catch (thrown) {
      error = toError(thrown)
    }
    record.unwound(error)
    if (flight.expired) return false
    if (!error || (await this.#isTaken(record, given, error, flight))) records.succeed(at, record.result)
    else {
      records.fail(at, error)
      const id = this.#spec.id(given)
      flight.say('error', `the record ${id} failed`, error, { id, ctx })
    }
    return records.state(at) === 'done'
  }

  /** Whether somebody has taken what it is of no use to bring again. */
  async #isTaken({ ctx }: RecordFlight, given: object, error: Error, flight: Answered): Promise<boolean> {
    if (!this.#onPermanent || !(isError(error, 'PermanentError') || isError(error, 'InputError'))) return false
    const id = this.#spec.id(given)
    try {
      await this.#onPermanent(ctx as never, error)
      flight.say('error', `the record ${id} failed for good, and was given to \`onPermanent\``, error, {
        id,
        ctx,
      })
      return true
    } catch (thrown) {
      flight.say('error', `\`onPermanent\` failed, and the record ${id} will be brought again`, thrown, {
        id,
        ctx,
      })
      return false
    }
  }
}

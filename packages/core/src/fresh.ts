import type { Health } from './health.ts'
import { checkOptions } from './options.ts'
import { promised } from './thenable.ts'
import { longest } from './within.ts'

/** What an environment keeps fresh during its invocations: see {@link fresh}. */
export interface Kept {
  /** When it wants to be looked at again, in ms since the epoch. */
  readonly next: number
  /** Starts a fetch when it is time. */
  due(now: number): Due | undefined
  /** What it has been through: see `healthOf`. */
  readonly health?: Health
}
export interface Due {
  /** Whether the invocation must wait for it. */
  readonly wait: boolean
  /** Resolves to what went wrong where the last good value still serves; rejects where none does. */
  readonly done: Promise<unknown>
  abort(): void
}

export interface Freshness {
  /** ms that a value is good for; 300 000 by default. It is fetched anew when 75 to 90 % of that are over. */
  readonly ttl?: number
  /** ms past `ttl` for which the last good value serves while fetching fails; 3 600 000 by default. */
  readonly stale?: number
  /** ms that a fetch may take; 5 000 by default. */
  readonly timeout?: number
}

/** Fetches a value. `wrong` holds the one that a consumer found wrong, where {@link renew} asks for another. */
export type Fetch<T> = (signal: AbortSignal, wrong?: { readonly value: T }) => Promise<T>

/**
 * A fetched value for an environment to keep: `await keep(fresh((signal) => fetchIt({ signal })))`.
 * Values are frozen, replaced whole, and never refreshed by a timer, since a frozen environment runs none.
 */
export const fresh = <T>(fetch: Fetch<T>, options: Freshness = {}): Cell<T> => {
  checkOptions('fresh()', options, { ttl: 'number', stale: 'number', timeout: 'number' })
  return new Cell(fetch, options)
}

/** The cells that a selector is reading. On the global object, for a function that holds two copies of this package. */
const reader: { cells?: Set<Cell<unknown>> | undefined } = /* @__PURE__ */ (() =>
  ((globalThis as Record<symbol, unknown>)[Symbol.for('fnware.reader')] ??= {}) as never)()

interface Fetching {
  readonly started: number
  readonly controller: AbortController
  readonly done: Promise<void>
  /** How many wait for it or look after it. When the last has gone, it is aborted. */
  users: number
  /** Why it was aborted, where that is because the last has gone. */
  ended: Error | undefined
}

export class Cell<T> implements Kept {
  readonly #fetch: Fetch<T>
  readonly #ttl: number
  readonly #stale: number
  readonly #timeout: number
  /** Undefined until the first fetch. */
  #good: { readonly value: T; readonly expires: number } | undefined
  /** The last fetch, if it failed, and when the next may be. */
  #failed: { readonly error: unknown; readonly until: number } | undefined
  #renewed = -Infinity
  #fetching: Fetching | undefined
  next = 0
  readonly health = { fetched: 0, renewed: 0, failed: 0, stale: 0 }

  constructor(fetch: Fetch<T>, { ttl = 300_000, stale = 3_600_000, timeout = 5000 }: Freshness) {
    this.#fetch = fetch
    this.#ttl = ttl
    this.#stale = stale
    this.#timeout = Math.min(timeout, longest)
  }

  /** The last good value. */
  get value(): T {
    reader.cells?.add(this as Cell<unknown>)
    return this.#good?.value as T
  }

  /** Fetches at once, but only once a second however many ask: most of them met the value that the first has replaced. */
  renew(): Promise<void> | undefined {
    if (Date.now() - this.#renewed < 1000) return this.#fetching?.done
    this.#renewed = Date.now()
    this.health.renewed++
    // What was begun before may bring what was found wrong.
    const fetching = this.#begin(this.#good)
    fetching.users++
    return fetching.done
  }

  due(now: number): Due | undefined {
    if (now < this.next) return undefined
    // While the last good value serves, `next` is not before that.
    if (this.#failed && now < this.#failed.until)
      return { wait: true, done: Promise.reject(this.#failed.error), abort: () => {} }
    const expired = !this.#good || now >= this.#good.expires
    const fetching = this.#join()
    fetching.users++
    return {
      wait: expired && !(this.#failed && this.#serves(now)),
      abort: () => {
        if (--fetching.users > 0) return
        fetching.ended = new Error('the invocation ended first')
        fetching.controller.abort(fetching.ended)
      },
      done: fetching.done.catch((error) => {
        if (!this.#serves(Date.now())) throw error
        return error
      }),
    }
  }

  /** Whether there is a good value that is not too old to serve while fetching fails. */
  #serves(now: number): boolean {
    return this.#good !== undefined && now < this.#good.expires + this.#stale
  }

  /** One fetch at a time. One older than its time-out was frozen with the environment, and is not joined. */
  #join(): Fetching {
    const fetching = this.#fetching
    if (!fetching) return this.#begin()
    if (Date.now() - fetching.started < this.#timeout) return fetching
    fetching.controller.abort(new Error('frozen with its environment'))
    return this.#begin()
  }

  #begin(wrong?: { readonly value: T }): Fetching {
    const started = Date.now()
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${this.#timeout} ms`)), this.#timeout)
    const isCurrent = () => this.#fetching === fetching
    const done = unlessAborted((signal) => this.#fetch(signal, wrong), controller.signal).then(
      (value) => {
        if (!isCurrent()) return
        const now = Date.now()
        this.health.fetched++
        this.#good = { value: frozen(value), expires: now + this.#ttl }
        this.#failed = undefined
        this.next = now + this.#ttl * (0.75 + 0.15 * Math.random())
      },
      (error) => {
        // What an invocation did not wait for is no failure of the service: the next one tries again.
        if (isCurrent() && error !== fetching.ended) {
          const now = Date.now()
          const until = now + Math.min(this.#ttl / 10, 5000)
          this.health.failed++
          if (this.#good && now >= this.#good.expires && this.#serves(now)) this.health.stale++
          this.#failed = { error, until }
          this.next = Math.min(until, this.#good ? this.#good.expires + this.#stale : 0)
        }
        throw error
      },
    )
    const fetching: Fetching = { started, controller, done, users: 0, ended: undefined }
    this.#fetching = fetching
    const finish = () => {
      clearTimeout(timer)
      if (isCurrent()) this.#fetching = undefined
    }
    done.then(finish, finish)
    return fetching
  }
}

/**
 * Fetches anew what `select` reads before its first `await`, and reads again: for a consumer that found a value wrong,
 * such as a password that was rotated.
 */
export const renew = async <T>(select: () => T): Promise<Awaited<T>> => {
  const cells = new Set<Cell<unknown>>()
  const outer = reader.cells
  reader.cells = cells
  try {
    Promise.resolve(select()).catch(() => {})
  } finally {
    reader.cells = outer
  }
  await Promise.all(Array.from(cells, (cell) => cell.renew()))
  return await select()
}

/** Cells as one object whose properties are always the latest values. Not enumerable, so that nothing shows in a log. */
export const live = <T extends Readonly<Record<string, { readonly value: unknown }>>>(
  cells: T,
): { readonly [K in keyof T]: T[K]['value'] } =>
  Object.defineProperties(
    {},
    Object.fromEntries(Object.entries(cells).map(([key, cell]) => [key, { get: () => cell.value }])),
  ) as never

const unlessAborted = <T>(fetch: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) =>
  new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    // Called in here, so that what it throws rejects. Not resolve(fetch()), after which an abort would change nothing.
    promised(fetch(signal)).then(resolve, reject)
  })

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && !ArrayBuffer.isView(value) && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

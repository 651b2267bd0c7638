import { Connector, type ConnectorOptions, type Held } from './connector.ts'
import type { Driver } from './driver.ts'
import { AcquireError, TransactionError } from './errors.ts'
import { checkFor, turn } from './freshness.ts'
import { Counters, type Health } from './health.ts'
import { inTime } from './in-time.ts'
import { type Borrower, Lease } from './lease.ts'
import { heldInside } from './nested.ts'
import { shownWait } from './shown.ts'

export interface ConnectionsOptions<Client extends object> extends Omit<ConnectorOptions<Client>, 'counters'> {
  readonly max: number
  /** ms of wall-clock time after which an idle connection is not used any more. */
  readonly idle: number
  /** ms in which a connection must be had. */
  readonly acquireTimeout: number
}

/** ms in which an idle connection must answer a ping. */
const pingTimeout = 1_000

/** The connections of one environment, whichever driver's: lent one at a time, and looked at before they are. */
export class Connections<Client extends object> {
  readonly key: string
  readonly driver: Driver<Client>
  readonly max: number
  readonly counters: Counters = new Counters()
  readonly #idleLimit: number
  readonly #acquireTimeout: number
  readonly #connector: Connector<Client>
  /** The last used last. */
  readonly #idle: Held<Client>[] = []
  readonly #waiting: (() => void)[] = []
  /** Lent, or being made ready to be. */
  #busy = 0
  #generation = 0
  #isOver = false

  constructor(options: ConnectionsOptions<Client>) {
    this.key = options.key
    this.driver = options.driver
    this.max = options.max
    this.#idleLimit = options.idle
    this.#acquireTimeout = options.acquireTimeout
    this.#connector = new Connector({ ...options, counters: this.counters })
  }

  get health(): Health {
    const { opened, discarded, retried } = this.counters
    return { open: this.#idle.length + this.#busy, waiting: this.#waiting.length, opened, discarded, retried }
  }
  get idleCount(): number {
    return this.#idle.length
  }

  /**
   * Lends a connection that is alive as far as can be told.
   * @throws TransactionError where a transaction waits for itself
   * @throws AcquireError, ConnectError, CredentialsError; the signal's reason when the invocation's time is up
   */
  async acquire(borrower?: Borrower<Client>): Promise<Lease<Client>> {
    this.#refuseDeadlock()
    const signal = borrower?.asks()
    try {
      return new Lease(this, await this.#ready(signal), borrower)
    } finally {
      borrower?.asked()
    }
  }

  async #ready(signal: AbortSignal | undefined): Promise<Held<Client>> {
    const until = Date.now() + this.#acquireTimeout
    await this.#room(signal)
    let held: Held<Client> | undefined
    try {
      held = await this.#sound(until, signal)
      if (this.#isOver) throw this.#over()
      signal?.throwIfAborted()
      return held
    } catch (error) {
      if (held) this.giveBack(held, this.#isOver)
      else this.#free()
      throw error
    }
  }

  /** By a lease alone. Resolves when what is not lent again is closed. */
  giveBack(held: Held<Client>, isBroken: boolean): void | Promise<void> {
    const closing = this.#keep(held, isBroken)
    this.#free()
    return closing
  }

  #keep(held: Held<Client>, isBroken: boolean): void | Promise<void> {
    if (isBroken || held.lost || !this.driver.reusable(held.client)) return this.#discard(held, true)
    if (this.#isOver || held.generation !== this.#generation) return this.#discard(held, false)
    held.usedAt = Date.now()
    this.#idle.push(held)
  }

  /** After a failover, or when one was lost: what is idle is closed now, what is lent when it is given back. */
  drop(): void {
    this.#generation++
    for (const held of this.#idle.splice(0)) this.#discard(held, false)
  }

  /** Closes what is idle now, and what is lent when it is given back. */
  end(): void {
    this.#isOver = true
    this.drop()
    for (const enter of this.#waiting.splice(0)) {
      this.#busy++
      enter()
    }
  }

  #over() {
    return new AcquireError(this.key, 'the resource was disposed of: nothing can be sent any more')
  }

  #refuseDeadlock() {
    const held = heldInside(this)
    if (held > 0 && held >= this.max)
      throw new TransactionError(
        this.key,
        `a query, or a transaction, of its own within transaction() would wait for ever for ${this.max === 1 ? 'the one connection' : `one of the ${this.max} connections`}, ` +
          'which the transaction holds: use the `tx` that its function is given, or raise `max`',
      )
  }

  /** Waits until fewer are lent than there may be, in the order of coming. */
  async #room(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isOver) throw this.#over()
    if (this.#busy < this.max && this.#waiting.length === 0) {
      this.#busy++
      return
    }
    let enter = () => {}
    const entered = new Promise<void>((resolve) => {
      enter = resolve
    })
    this.#waiting.push(enter)
    const ms = this.#acquireTimeout
    try {
      await shownWait(this.key, () => inTime(entered, ms, signal, () => this.#allInUse(ms)))
    } catch (error) {
      const place = this.#waiting.indexOf(enter)
      if (place >= 0) this.#waiting.splice(place, 1)
      // It was given a place in the very moment when it gave up.
      else this.#free()
      throw error
    }
  }

  #allInUse(ms: number) {
    return new AcquireError(
      this.key,
      `no connection was free within ${ms} ms, of ${this.max}: are there slow statements, transactions that wait for ` +
        'something else, or connections taken from `pool` and not released? Otherwise raise `max` or `acquireTimeout`',
    )
  }

  /** A place is free: the next one's, or nobody's. */
  #free(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy--
  }

  async #sound(until: number, signal: AbortSignal | undefined): Promise<Held<Client>> {
    for (let held = this.#idle.pop(); held; held = this.#idle.pop()) if (await this.#isSound(held, signal)) return held
    return this.#connector.connect(this.#generation, until, signal)
  }

  async #isSound(held: Held<Client>, signal: AbortSignal | undefined): Promise<boolean> {
    const check = checkFor(Date.now() - held.usedAt, this.#idleLimit)
    if (check !== 'none' && check !== 'discard') await turn()
    if (check === 'ping' && !held.lost) {
      const answer = inTime(this.driver.ping(held.client), pingTimeout, signal, () => new Error('no answer'))
      await answer.catch(() => {
        held.lost = true
      })
    }
    if (!held.lost && check !== 'discard' && held.generation === this.#generation) return true
    this.#discard(held, held.lost)
    return false
  }

  #discard(held: Held<Client>, atOnce: boolean): void | Promise<void> {
    this.counters.discarded++
    return atOnce ? this.driver.destroy(held.client) : this.driver.end(held.client)
  }
}

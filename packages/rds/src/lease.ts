import { settledWithin } from '@fnware/core/extend'
import type { Connections } from './connections.ts'
import type { Held } from './connector.ts'
import type { Kind } from './driver.ts'
import { CommitUnknownError, ConnectionLostError, codeOf, FailoverError, LeaseError } from './errors.ts'

/** A connection, lent: to one statement, one transaction, or to who took it from the pool. */
export class Lease<Client extends object> {
  readonly client: Client
  readonly #connections: Connections<Client>
  readonly #held: Held<Client>
  readonly #borrower: Borrower<Client> | undefined
  /** Why it was taken away, where it was. */
  taken: { readonly reason: unknown } | undefined
  /** What went wrong on it, and what that means: what ended it, if anything did, and otherwise the first. */
  failure: { readonly error: unknown; readonly kind: Kind } | undefined
  isOver = false
  /** Whether its transaction was made read-only, so that to be refused a write is no failover. */
  isReadOnly = false
  /** The error of its connection's loss. */
  #ended: Error | undefined

  constructor(connections: Connections<Client>, held: Held<Client>, borrower: Borrower<Client> | undefined) {
    this.client = held.client
    this.#connections = connections
    this.#held = held
    this.#borrower = borrower
    borrower?.opened(this)
  }

  /** Whether the connection is gone, so that what is sent now would not arrive. */
  get isLost(): boolean {
    return this.#held.lost
  }

  /** Gives it back. A connection that is not sound is not lent again. */
  release(isBroken = false): void | Promise<void> {
    if (this.isOver) return
    this.isOver = true
    this.#borrower?.closed(this)
    return this.#connections.giveBack(this.#held, isBroken)
  }

  /** Takes it away: whatever runs on it ends, with this as its error. */
  take(reason: unknown): void | Promise<void> {
    if (this.isOver) return
    this.taken = { reason }
    return this.release(true)
  }

  /**
   * What is thrown for a statement's error, which says what to do where we know.
   * @param isCommit whether it was COMMIT that was sent
   */
  failed(error: unknown, isCommit: boolean): unknown {
    // What is sent after that, such as a ROLLBACK, must not hide what it was.
    if (this.#ended) return this.#ended
    const told = this.#told(error, isCommit)
    if (told instanceof CommitUnknownError || told instanceof ConnectionLostError) this.#ended = told
    return told
  }

  #told(error: unknown, isCommit: boolean): unknown {
    const { driver, key } = this.#connections
    const said = driver.kindOf(error)
    const kind = this.#held.lost || this.taken ? 'lost' : said === 'readonly' && this.isReadOnly ? 'refused' : said
    if (!this.failure || hadNoEffect(kind)) this.failure = { error, kind }
    if (kind === 'lost' || kind === 'readonly') this.#connections.drop()
    const about = { cause: this.taken?.reason ?? error, code: codeOf(error) }
    if (isCommit && (kind === 'lost' || kind === 'unknown'))
      return new CommitUnknownError(
        key,
        'the connection was lost after COMMIT was sent and before its answer: the transaction may have taken effect, ' +
          'or not. It is not run again. Look for what it wrote, by a key of your own, before you do',
        about,
      )
    if (this.taken) return this.taken.reason
    if (kind === 'lost')
      return new ConnectionLostError(
        key,
        'the connection was lost after a statement was sent: it may have taken effect, or not. It is not sent again, ' +
          'unless you say that it may be: { idempotent: true }',
        about,
      )
    if (kind === 'readonly')
      return new FailoverError(
        key,
        'the server takes no writes: it was the writer before a failover, or its host is that of readers. The connections ' +
          'are dropped and the next one is made anew, so try again; if it stays so, connect to the writer',
        about,
      )
    return error
  }
}

/** Whether a transaction that ended so, and before COMMIT, had no effect and may have one when it is run again. */
export const hadNoEffect = (kind: Kind): boolean => kind === 'conflict' || kind === 'lost' || kind === 'readonly'

/** Runs a query or a transaction: an invocation's own, where there is one. */
export const ran = <T>(
  borrower: { run<T>(work: () => Promise<T>): Promise<T> } | undefined,
  work: () => Promise<T>,
): Promise<T> => (borrower ? borrower.run(work) : work())

/** The leases of one invocation, which end with it. */
export class Borrower<Client extends object> {
  readonly #key: string
  readonly #invocation: { readonly signal: AbortSignal; defer(fn: () => unknown): void }
  readonly #open = new Set<Lease<Client>>()
  readonly #running = new Set<{ result?: Promise<unknown> }>()
  /** Those that wait for a connection. */
  #asking = 0
  #emptied: (() => void) | undefined
  #controller: AbortController | undefined

  constructor(key: string, invocation: { readonly signal: AbortSignal; defer(fn: () => unknown): void }) {
    this.#key = key
    this.#invocation = invocation
  }

  /**
   * Aborts at the deadline, and when the invocation has ended. Made for the first lease: an invocation that asks for no
   * connection pays for none of this.
   */
  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal
    this.#controller = new AbortController()
    // As many queries may wait for one connection as an invocation begins: some versions of Node take that for a leak.
    process.getBuiltinModule('node:events').setMaxListeners(0, this.#controller.signal)
    const { signal } = this.#invocation
    this.#invocation.defer(() => this.#ended())
    if (signal.aborted) void this.#over(signal.reason)
    else signal.addEventListener('abort', () => void this.#over(signal.reason), { once: true })
    return this.#controller.signal
  }

  /** Runs a query or a transaction of the invocation's. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const running: { result?: Promise<unknown> } = {}
    this.#running.add(running)
    const result = work().finally(() => this.#running.delete(running))
    running.result = result
    return result
  }

  /** A connection is asked for, until {@link asked}. */
  asks(): AbortSignal {
    const { signal } = this
    signal.throwIfAborted()
    this.#asking++
    return signal
  }
  asked(): void {
    this.#asking--
    this.#look()
  }
  opened(lease: Lease<Client>): void {
    this.#open.add(lease)
  }
  closed(lease: Lease<Client>): void {
    this.#open.delete(lease)
    this.#look()
  }

  #look(): void {
    if (this.#isIdle()) this.#emptied?.()
  }
  #isIdle(): boolean {
    return this.#open.size === 0 && this.#asking === 0
  }

  /** Waits a little for what is still in use, and takes it away. */
  async #ended(): Promise<void> {
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve
    })
    const isIdle = this.#isIdle() || (await settledWithin(emptied, patience))
    const error = new LeaseError(
      this.#key,
      isIdle
        ? 'it was used when its invocation had ended: await every query and transaction before the handler returns'
        : 'a connection was still in use when its invocation had ended, and was destroyed: await every query and ' +
            'transaction, and release what you take from `pool`, before the handler returns',
    )
    await this.#over(error)
    // The core writes it down.
    if (!isIdle) throw error
  }

  async #over(reason: unknown): Promise<void> {
    // Nobody may wait for what is taken away now, and the process is not to end of it: the log is told.
    for (const { result } of this.#running) result?.catch(() => {})
    this.#controller?.abort(reason)
    await Promise.all(Array.from(this.#open, (lease) => lease.take(reason)))
  }
}
/** ms that the end of an invocation waits for connections that are in use. */
const patience = 500

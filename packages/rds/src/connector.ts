import { connectError, connectTimeout } from './connect-error.ts'
import type { Credentials } from './credentials.ts'
import type { Driver, Login } from './driver.ts'
import { RdsError } from './errors.ts'
import type { Counters } from './health.ts'
import { inTime, pause } from './in-time.ts'
import { shownConnect } from './shown.ts'

/** A connection of the pool. */
export interface Held<Client> {
  readonly client: Client
  /** Which connections are dropped together: see `drop()`. */
  readonly generation: number
  /** When it was last used, in ms since the epoch. */
  usedAt: number
  lost: boolean
}

export interface ConnectorOptions<Client extends object> {
  readonly key: string
  readonly driver: Driver<Client>
  readonly credentials: Credentials
  /** ms that one attempt may take, with TLS and authentication. */
  readonly connectTimeout: number
  readonly counters: Counters
}

/** ms before each further attempt, while nobody takes connections: a server that starts, a port that is closed for a blink. */
const waits = [50, 150, 400]

/** Makes connections. Nothing is sent by it that changes anything, so it may try again. */
export class Connector<Client extends object> {
  readonly #options: ConnectorOptions<Client>
  constructor(options: ConnectorOptions<Client>) {
    this.#options = options
  }

  /** @param until when there is no time left, in ms since the epoch */
  async connect(generation: number, until: number, signal: AbortSignal | undefined): Promise<Held<Client>> {
    const { credentials, counters, driver, key } = this.#options
    let login = await this.#inTime(credentials.login(), until, signal)
    let hasRenewed = false
    for (let attempt = 0; ; )
      try {
        return await shownConnect(login, () => this.#attempt(login, generation, until, signal))
      } catch (error) {
        if (signal?.aborted || error instanceof RdsError) throw signal?.aborted ? signal.reason : error
        const kind = driver.kindOf(error)
        if (kind === 'denied' && !hasRenewed) {
          hasRenewed = true
          const others = await this.#inTime(credentials.renewed(login), until, signal)
          if (!others) throw connectError(key, login, kind, error)
          login = others
        } else {
          const wait = waits[attempt++]
          if ((kind !== 'unavailable' && kind !== 'lost') || !wait || Date.now() + wait >= until)
            throw connectError(key, login, kind, error)
          await pause(wait * (0.5 + Math.random()), signal)
        }
        counters.retried++
      }
  }

  async #attempt(login: Login, generation: number, until: number, signal: AbortSignal | undefined) {
    const { counters, driver, key } = this.#options
    const ms = Math.min(this.#options.connectTimeout, until - Date.now())
    const gone = new AbortController()
    const held: { client?: Client; generation: number; usedAt: number; lost: boolean } = {
      generation,
      usedAt: 0,
      lost: false,
    }
    const connecting = driver.connect(login, gone.signal, () => {
      held.lost = true
    })
    try {
      held.client = await inTime(connecting, ms, signal, () => connectTimeout(key, login, ms))
    } catch (error) {
      connecting.then(driver.destroy, () => {})
      gone.abort(error)
      throw error
    }
    counters.opened++
    return held as Held<Client>
  }

  #inTime<T>(work: Promise<T>, until: number, signal: AbortSignal | undefined): Promise<T> {
    const { key } = this.#options
    return inTime(work, until - Date.now(), signal, () => new RdsError(key, 'the credentials were not there in time'))
  }
}

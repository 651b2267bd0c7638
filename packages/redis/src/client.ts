import type { Command, Redis, RedisOptions } from 'ioredis'
import { lost, notConnected, type Place } from './errors.ts'
import type { LogIn } from './login.ts'
import { refusal } from './refused.ts'

export interface Connecting {
  readonly place: Place
  /** ms without a command after which the server is asked whether it is still there. */
  readonly idle: number
  readonly logIn: LogIn
}

/** A client that can be made ready before a command is sent. */
export interface ReadyClient {
  prepare(): Promise<void>
}

/**
 * The driver's client, with one change: a command waits until its connection is known to be good. Timers do not run while
 * an environment is frozen, so what counts is the wall clock since the last command.
 */
export const clientClass = (
  Client: typeof Redis,
  { place, idle, logIn }: Connecting,
): (new (
  options: RedisOptions,
) => Redis & ReadyClient) =>
  class extends (Client as new (options: RedisOptions) => Redis) {
    #usedAt = 0
    #connectedAt = 0
    #preparing: Promise<void> | undefined
    #trouble: unknown

    constructor(options: RedisOptions) {
      super(options)
      // Also of a connection that nobody uses: without a listener the driver writes it to the console.
      this.on('error', (error) => {
        this.#trouble = error
      })
    }

    override sendCommand(command: Command, stream?: never): unknown {
      if (this.status === 'connect' && handshake.has(command.name)) return super.sendCommand(command, stream)
      const refused = refusal(command.name)
      if (refused) {
        command.reject(refused)
        return command.promise
      }
      const { reject } = command
      command.reject = (error) =>
        reject(error.message === 'Connection is closed.' ? lost(place, command.name, this.#trouble ?? error) : error)
      const now = Date.now()
      if (this.status === 'ready' && now - this.#usedAt < sure) {
        this.#usedAt = now
        return super.sendCommand(command, stream)
      }
      this.prepare().then(() => super.sendCommand(command, stream), reject)
      return command.promise
    }

    /** All commands that come meanwhile wait for the same. */
    prepare(): Promise<void> {
      this.#preparing ??= this.#prepare().finally(() => {
        this.#preparing = undefined
      })
      return this.#preparing
    }

    async #prepare() {
      // What became of the socket while the environment was frozen is told first.
      await new Promise((resolve) => setImmediate(resolve))
      if (!(await this.#isGood())) {
        if (this.status === 'ready') await this.#drop()
        await logIn(async (credentials) => {
          Object.assign(this.options, { username: credentials?.username, password: credentials?.password })
          this.#trouble = undefined
          try {
            await this.connect()
          } catch (error) {
            throw this.#trouble ?? error
          }
        }).catch((error) => {
          throw notConnected(place, error)
        })
        this.#connectedAt = Date.now()
      }
      this.#usedAt = Date.now()
    }

    async #isGood(): Promise<boolean> {
      const now = Date.now()
      if (this.status !== 'ready' || now - this.#connectedAt > oldest) return false
      if (now - this.#usedAt < idle) return true
      const ping = new Client.Command('ping', [])
      const answered = Promise.resolve(super.sendCommand(ping)).then(
        () => true,
        () => false,
      )
      return Promise.race([answered, new Promise<false>((resolve) => setTimeout(resolve, patience, false))])
    }

    #drop() {
      const ended = new Promise((resolve) => this.once('end', resolve))
      // Not disconnect(), which waits for a server that may be gone.
      this.stream.destroy()
      return ended
    }
  }

/** What the driver itself sends before a connection is ready. */
const handshake = new Set(['auth', 'hello', 'select', 'client', 'info'])
/** ms after a command during which its connection is taken to be good. */
const sure = 1000
/** ms that a connection serves: ElastiCache ends one that logged in by IAM after 12 hours. */
const oldest = 11 * 3_600_000
/** ms within which a server must answer PING. */
const patience = 500

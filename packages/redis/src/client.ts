import { settledWithin } from '@fnware/core/extend'
import type { ChainableCommander, Command, Redis, RedisOptions } from 'ioredis'
import { lost, notConnected, type Place } from './errors.ts'
import { hide, withoutArguments } from './hidden.ts'
import type { LogIn } from './login.ts'
import type { Credentials, RedisHealth } from './redis.ts'
import { refusal } from './refused.ts'
import { showCommand, shownConnect, showPipeline } from './shown.ts'

export interface Connecting {
  readonly place: Place
  /** ms without a command after which the server is asked whether it is still there. */
  readonly idle: number
  readonly logIn: LogIn
}

/** A client that can be made ready before a command is sent. */
export interface ReadyClient {
  prepare(): Promise<void>
  readonly health: RedisHealth
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
    readonly health = { opened: 0, discarded: 0 }
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
      hide(this, place)
    }

    override pipeline(commands?: unknown): ChainableCommander {
      return showPipeline(place, filled(super.pipeline(), commands))
    }

    /** The driver's overloads are the types of this. */
    override multi(commands?: unknown, options?: { pipeline?: boolean }): never {
      const { pipeline } = Object(Array.isArray(commands) ? options : commands) as { pipeline?: boolean }
      if (pipeline === false) throw refusal('multi', [])
      return showPipeline(place, filled(super.multi(), commands)) as never
    }

    /** The options hide who logs in. */
    override duplicate(options?: Partial<RedisOptions>): Redis {
      const { username, password } = this.options
      return super.duplicate({ username, password, ...options })
    }

    override sendCommand(command: Command, stream?: never): unknown {
      if (this.status === 'connect' && handshake.has(command.name)) return super.sendCommand(command, stream)
      const refused = !(stream && wraps.has(command.name)) && refusal(command.name, command.args)
      if (refused) {
        command.reject(refused)
        return command.promise
      }
      if (!stream) showCommand(place, command)
      const { reject } = command
      command.reject = (error) =>
        reject(error.message === 'Connection is closed.' ? lost(place, command.name, this.#trouble ?? error) : error)
      const now = Date.now()
      if (this.status === 'ready' && isWithin(now - this.#usedAt, sure)) {
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
        await shownConnect(place, () => logIn((credentials) => this.#connect(credentials))).catch((error) => {
          throw notConnected(place, error)
        })
        this.#connectedAt = Date.now()
        this.health.opened++
      }
      this.#usedAt = Date.now()
    }

    async #connect(credentials: Credentials | undefined) {
      Object.assign(this.options, { username: credentials?.username, password: credentials?.password })
      this.#trouble = undefined
      const timer = setTimeout(() => this.#giveUp(), this.options.connectTimeout)
      try {
        await this.connect()
      } catch (error) {
        throw withoutArguments(this.#trouble ?? error)
      } finally {
        clearTimeout(timer)
      }
    }

    async #isGood(): Promise<boolean> {
      const now = Date.now()
      if (this.status !== 'ready' || now - this.#connectedAt > oldest) return false
      if (isWithin(now - this.#usedAt, idle)) return true
      const ping = new Client.Command('ping', [])
      let isThere = false
      const answered = Promise.resolve(super.sendCommand(ping)).then(() => {
        isThere = true
      })
      await settledWithin(answered, patience)
      return isThere
    }

    /** The driver limits TCP and TLS alone: a server that is connected to and says nothing would not be given up. */
    #giveUp() {
      this.#trouble = Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })
      // Not disconnect(), which waits for the server to say goodbye.
      if (this.stream) this.stream.destroy()
      else this.disconnect()
    }

    #drop() {
      this.health.discarded++
      const ended = new Promise((resolve) => this.once('end', resolve))
      // Not disconnect(), which waits for a server that may be gone.
      this.stream.destroy()
      return ended
    }
  }

/** A pipeline that refuses a command where it is added: were it refused later, the others would never be sent. */
const filled = (pipeline: ChainableCommander, commands: unknown): ChainableCommander => {
  const raw = pipeline as unknown as { sendCommand(command: Command): unknown; addBatch(commands: unknown[]): void }
  const add = raw.sendCommand
  raw.sendCommand = (command) => {
    const refused = !wraps.has(command.name) && refusal(command.name, command.args)
    if (refused) throw refused
    return add.call(pipeline, command)
  }
  if (Array.isArray(commands)) raw.addBatch(commands)
  return pipeline
}

/** Not where the clock was put back. */
const isWithin = (ms: number, limit: number) => ms >= 0 && ms < limit

/** What is safe in a pipeline alone, which is sent in one piece. */
const wraps = new Set(['multi', 'exec', 'discard'])
/** What the driver itself sends before a connection is ready. */
const handshake = new Set(['auth', 'hello', 'select', 'client', 'info'])
/** ms after a command during which its connection is taken to be good. */
const sure = 1000
/** ms that a connection serves: ElastiCache ends one that logged in by IAM after 12 hours. */
const oldest = 11 * 3_600_000
/** ms within which a server must answer PING. */
const patience = 500

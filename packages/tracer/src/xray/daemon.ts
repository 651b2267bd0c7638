import type { Socket } from 'node:dgram'
import { type Address, addressOf } from './address.ts'

type Warn = (message: string, error?: unknown) => void

/** What goes before every document. */
const header = '{"format":"json","version":1}\n'

/**
 * Sends documents to X-Ray's daemon over UDP: nobody says whether one has arrived, and that the daemon is absent is heard,
 * if at all, after the document that was lost.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
 */
export class Daemon {
  readonly #address: Address | undefined
  readonly #warn: Warn
  /** What is on its way, and since when: the oldest first. */
  readonly #under = new Map<Promise<void>, number>()
  #socket: Promise<Socket> | undefined

  constructor(address: string | undefined, warn: Warn) {
    this.#address = addressOf(address)
    this.#warn = warn
    if (!this.#address)
      warn('AWS_XRAY_DAEMON_ADDRESS is neither `host:port` nor `tcp:host:port udp:host:port`: nothing is traced')
  }

  send(document: string): void {
    if (!this.#address) return
    const datagram = Buffer.from(header + document)
    // A socket may have died while its environment was frozen: then another takes what it could not.
    const sent = this.#give(datagram)
      .catch(() => this.#give(datagram))
      .catch((error) => this.#lost(error))
      .then(() => {
        this.#under.delete(sent)
      })
    this.#under.set(sent, Date.now())
  }

  /** Settles when all that was given has gone, or is lost. Undefined where nothing is to be waited for. */
  sent(): Promise<void> | undefined {
    const [oldest] = this.#under.values()
    // One that is stuck, in a look-up of its name for instance, has been waited for.
    if (oldest === undefined || Date.now() - oldest > stuck) return undefined
    return Promise.all(this.#under.keys()).then(() => {})
  }

  async #give(datagram: Buffer) {
    const connection = (this.#socket ??= this.#connected(this.#address as Address))
    const socket = await connection
    try {
      await new Promise<void>((resolve, reject) => {
        socket.send(datagram, (error) => (error ? reject(error) : resolve()))
      })
    } catch (error) {
      this.#drop(connection, socket)
      throw error
    }
  }

  #connected({ host, port }: Address): Promise<Socket> {
    const connection = new Promise<Socket>((resolve, reject) => {
      const { createSocket } = process.getBuiltinModule('node:dgram')
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
      socket.unref()
      socket.on('error', (error) => {
        this.#lost(error)
        this.#drop(connection, socket)
        reject(error)
      })
      // It is called with an error, too, where the host's name is not found for one.
      const connected = (error?: unknown) => {
        if (error) socket.emit('error', error)
        else resolve(socket)
      }
      socket.connect(port, host, connected)
    })
    return connection
  }
  #drop(connection: Promise<Socket>, socket: Socket) {
    if (this.#socket === connection) this.#socket = undefined
    try {
      socket.close()
    } catch {
      // It was closed before.
    }
  }
  #lost(error: unknown) {
    const { host, port } = this.#address as Address
    this.#warn(`X-Ray's daemon does not take traces at ${host}:${port}`, error)
  }
}

/** ms after which a datagram that is still on its way is stuck. */
const stuck = 100

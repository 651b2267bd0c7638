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
  readonly #under = new Set<Promise<void>>()
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
    this.#under.add(sent)
  }

  /** Settles when all that was given has gone, or is lost. Undefined where nothing is under way. */
  sent(): Promise<void> | undefined {
    return this.#under.size > 0 ? Promise.all(this.#under).then(() => {}) : undefined
  }

  async #give(datagram: Buffer) {
    const socket = await (this.#socket ??= this.#connected(this.#address as Address))
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, (error) => {
        if (!error) return resolve()
        this.#drop(socket)
        reject(error)
      })
    })
  }

  #connected({ host, port }: Address): Promise<Socket> {
    const connecting = new Promise<Socket>((resolve, reject) => {
      const { createSocket } = process.getBuiltinModule('node:dgram')
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
      socket.unref()
      socket.on('error', (error) => {
        this.#lost(error)
        this.#drop(socket)
        reject(error)
      })
      socket.connect(port, host, () => resolve(socket))
    })
    connecting.catch(() => {
      if (this.#socket === connecting) this.#socket = undefined
    })
    return connecting
  }
  #drop(socket: Socket) {
    this.#socket = undefined
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

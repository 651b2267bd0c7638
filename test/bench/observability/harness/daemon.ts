import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** Takes what is sent to X-Ray's daemon, and counts it. What is in it is for the test to look at. */
export class Daemon {
  received = 0
  readonly #socket: Socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 }).on('message', () => {
    this.received++
  })

  static async start(): Promise<Daemon> {
    const daemon = new Daemon()
    daemon.#socket.bind(0, '127.0.0.1')
    await once(daemon.#socket, 'listening')
    return daemon
  }

  /** What leads a function to it. */
  get environment(): Readonly<Record<string, string>> {
    return { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${this.#socket.address().port}` }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()))
  }
}

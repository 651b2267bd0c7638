import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../stack/span.ts'

/** A connection, in ms since the epoch. */
export interface Passed {
  readonly opened: number
  /** When the server last sent something. */
  answered: number
}

/** A door before a server, which counts who comes through and can keep them waiting. */
export class Gate {
  /** ms that each connection waits before it is let through. */
  latency = 0
  /** Every connection so far. Empty it at will. */
  passed: Passed[] = []
  readonly #to: { readonly host: string; readonly port: number }
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((client) => this.#let(client))

  constructor(to: { readonly host: string; readonly port: number }) {
    this.#to = to
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #let(client: Socket) {
    const passed: Passed = { opened: now(), answered: 0 }
    this.passed.push(passed)
    this.#own(client)
    client.pause()
    if (this.latency > 0) await sleep(this.latency)
    const server = this.#own(connect(this.#to))
    server.on('data', () => {
      passed.answered = now()
    })
    server.pipe(client)
    client.pipe(server)
    client.on('close', () => server.destroy())
    server.on('close', () => client.destroy())
  }

  #own(socket: Socket): Socket {
    this.#sockets.add(socket)
    return socket
      .setNoDelay()
      .on('error', () => {})
      .on('close', () => this.#sockets.delete(socket))
  }
}

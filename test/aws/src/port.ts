import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on a free port of this machine, that can go away and come back. */
export class Port {
  /** How many connections have been made so far. */
  connections = 0
  readonly #server: Server
  #number = 0

  constructor(serve: (...args: Parameters<RequestListener>) => Promise<void>) {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      // A client may go at any time, and then nobody hears the answer.
      request.on('error', () => {})
      response.on('error', () => {})
      serve(request, response).catch((error) => {
        // A fault of the stand-in itself must not look like one of the service.
        if (!response.headersSent) response.writeHead(599).end(`test-aws failed: ${error.stack}`)
      })
    })
    this.#server.on('connection', () => this.connections++)
  }

  get number(): number {
    return this.#number
  }

  get url(): string {
    return `http://127.0.0.1:${this.#number}`
  }

  /** On the same port as before, if there was one. */
  async open(): Promise<this> {
    await new Promise<void>((done, failed) => {
      this.#server.once('error', failed).listen(this.#number, '127.0.0.1', () => {
        this.#server.off('error', failed)
        done()
      })
    })
    this.#number = (this.#server.address() as AddressInfo).port
    return this
  }

  /** At once, whatever is under way. */
  close(): Promise<void> {
    return new Promise((done) => {
      this.#server.close(() => done())
      this.drop()
    })
  }

  /** Closes every connection; others may be made. */
  drop(): void {
    this.#server.closeAllConnections()
  }
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OptionsError } from './check.ts'
import type { FrontRouter } from './front-router.ts'
import type { InvokeApi } from './invoke-api.ts'
import { invokeOperation } from './invoke-request.ts'

/** The one port of this Lambda: the Invoke API under its own paths, the HTTP fronts under all others. */
export class LocalServer {
  readonly #server: Server

  constructor(front: Pick<FrontRouter, 'serve'>, api: Pick<InvokeApi, 'serve'>) {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      // A client may go at any time: the function runs on, and nobody hears the answer.
      request.on('error', () => {})
      response.on('error', () => {})
      const operation = invokeOperation(request)
      const served = operation ? api.serve(request, response, operation) : front.serve(request, response)
      // One request that goes wrong must not end all the others.
      served.catch(() => response.destroy())
    })
  }

  /** @returns the url */
  listen(port: number, host: string): Promise<string> {
    return new Promise((listening, failed) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') return failed(error)
        failed(
          Object.assign(new OptionsError(`port ${port} of ${host} is in use: give another, or 0 for any free one`), {
            code: error.code,
          }),
        )
      })
      this.#server.listen(port, host, () => {
        const { port: taken } = this.#server.address() as AddressInfo
        // Open to every address, it is here too.
        const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
        listening(`http://${here.includes(':') ? `[${here}]` : here}:${taken}`)
      })
    })
  }

  close(): Promise<void> {
    return new Promise((closed) => {
      this.#server.close(() => closed())
      this.#server.closeAllConnections()
    })
  }
}

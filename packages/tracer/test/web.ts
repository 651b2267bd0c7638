import { once } from 'node:events'
import { createServer as createPlain, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { testAuthority } from 'test-servers'

/** An HTTP server that remembers what it was asked. */
export interface Web extends AsyncDisposable {
  readonly port: number
  /** `http://localhost:…`. */
  readonly url: string
  /** PEM, of a server with TLS. */
  readonly ca: string
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly socket: object }[]
}

export const startWeb = (answer: RequestListener): Promise<Web> => listening(createPlain(), 'http', '', answer)

export const startSecureWeb = async (answer: RequestListener): Promise<Web> => {
  const authority = await testAuthority()
  return listening(createSecure(await authority.issue()), 'https', authority.ca, answer)
}

const listening = async (server: Server, protocol: string, ca: string, answer: RequestListener): Promise<Web> => {
  const requests: { path: string; headers: IncomingHttpHeaders; socket: object }[] = []
  server.on('request', (request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers, socket: request.socket })
    answer(request, response)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${protocol}://localhost:${port}`,
    ca,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

import { createServer } from 'node:net'

/**
 * A port of 127.0.0.1 that nobody listens on. It is below those that systems give to outgoing connections (32768 and
 * up on Linux), so that it is still free when a server that was killed is started on it again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

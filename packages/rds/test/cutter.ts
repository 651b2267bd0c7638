import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Direction = 'up' | 'down'

/** Stands between a client and a server, and cuts their connection after so many bytes: or keeps all back. */
export interface Cutter {
  readonly port: number
  /** Cuts what connection is next to carry so many bytes more that way: the last of them arrive. */
  cutAfter(direction: Direction, bytes: number): void
  /** How many were cut. */
  readonly cuts: number
  /** Nothing arrives any more, and nobody is told. */
  stall(): void
  close(): Promise<void>
}

export const startCutter = async (to: { readonly port: number }): Promise<Cutter> => {
  const left: { up?: number | undefined; down?: number | undefined } = {}
  const sockets = new Set<Socket>()
  let isStalled = false
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(to.port, '127.0.0.1')
    const cut = () => {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    relay(client, upstream, 'up', cut)
    relay(upstream, client, 'down', cut)
  })

  const relay = (from: Socket, into: Socket, direction: Direction, cut: () => void) => {
    sockets.add(from)
    from.setNoDelay(true)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      into.destroy()
    })
    from.on('data', (chunk) => {
      if (isStalled) return
      const bytes = left[direction]
      if (bytes === undefined || chunk.length <= bytes) {
        if (bytes !== undefined) left[direction] = bytes - chunk.length
        into.write(chunk)
        return
      }
      left[direction] = undefined
      cuts++
      if (bytes === 0) cut()
      else into.write(chunk.subarray(0, bytes), cut)
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter(direction, bytes) {
      left[direction] = bytes
    },
    get cuts() {
      return cuts
    },
    stall() {
      isStalled = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

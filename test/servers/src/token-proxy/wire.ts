import type { EventEmitter } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { connect as connectTls, type SecureContext, TLSSocket } from 'node:tls'

/** Exactly so many bytes of a socket; what comes after them stays in it. */
export async function take(socket: Readable, size: number): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0)
  for (;;) {
    const bytes: Buffer | null = socket.read(size)
    if (bytes?.length === size) return bytes
    await until(socket, 'readable')
  }
}

/** The next event of that name; throws if the socket ends before. */
export function until(socket: EventEmitter, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => settle(() => reject(new Error('the connection has ended')))
    const failed = (error: Error) => settle(() => reject(error))
    const happened = () => settle(resolve)
    const settle = (how: () => void) => {
      socket.off(event, happened).off('end', ended).off('close', ended).off('error', failed)
      how()
    }
    socket.on('end', ended).on('close', ended).on('error', failed).on(event, happened)
  })
}

/** Takes the server's part in a TLS handshake. */
export async function acceptTls(socket: Socket, secureContext: SecureContext): Promise<TLSSocket> {
  const secure = new TLSSocket(socket, { isServer: true, secureContext })
  secure.on('error', () => {})
  await until(secure, 'secure')
  return secure
}

export interface Target {
  host: string
  port: number
  ca: string
}

export async function dial({ host, port }: Target): Promise<Socket> {
  const socket = connectTcp(port, host)
  socket.on('error', () => {})
  await until(socket, 'connect')
  return socket
}

export async function secureTo(socket: Socket, { host, ca }: Target): Promise<TLSSocket> {
  const secure = connectTls({ socket, host, ca })
  secure.on('error', () => {})
  await until(secure, 'secureConnect')
  return secure
}

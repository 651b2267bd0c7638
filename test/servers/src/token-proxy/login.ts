import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import type { Target } from './wire.ts'

/** What a protocol's login needs of the proxy. */
export interface Gatekeeper {
  secureContext: SecureContext
  to: Target
  /** Whether the token lets the user in. */
  admits(token: string, user: string): Promise<boolean>
  /** The password that the server behind the proxy knows the user by. */
  passwordOf(user: string): string
  /** Every socket, so that it is closed with the connection. */
  own<Socket extends Duplex>(socket: Socket): Socket
}

/** A client that has logged in, and the server that it was logged in to; `undefined` if it was refused. */
export type Joined = { client: Duplex; server: Duplex } | undefined

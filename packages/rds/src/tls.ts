import type { ConnectionOptions } from 'node:tls'
import { authorities } from '@fnware/core/extend'

export interface TlsOptions {
  /** Certificates (PEM) of authorities to trust beside Node's own: `rdsCa` for a connection that goes to the database itself. */
  readonly ca?: string | readonly string[]
  /** The name that the server's certificate must have, where it is not the host's: behind a tunnel. */
  readonly servername?: string
}

/** Verified by default; `false` only where the network is your own machine. */
export type Tls = TlsOptions | false

const load = () => process.getBuiltinModule('node:tls')

/**
 * What drivers give to `tls.connect()`. Made at the first connection, and once, since every authority's certificate
 * must be read for it.
 */
export const tlsOptions = (tls: TlsOptions = {}): (() => ConnectionOptions) => {
  let made: ConnectionOptions | undefined
  return () => {
    made ??= {
      rejectUnauthorized: true,
      ...(tls.ca && { secureContext: load().createSecureContext({ ca: authorities(tls.ca) }) }),
      ...(tls.servername && {
        checkServerIdentity: (_, certificate) => load().checkServerIdentity(tls.servername as string, certificate),
      }),
    }
    return made
  }
}

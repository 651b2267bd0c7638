/** A request that is about to be sent, by whichever client. */
export interface Outgoing {
  readonly method: string
  readonly protocol: string
  /** With its port, where that is not the protocol's own. */
  readonly host: string
  /** With its query. */
  readonly path: string
  header(name: string): string | undefined
  /** Where it can still be set. */
  readonly setHeader?: ((name: string, value: string) => void) | undefined
}

/** `10.0.0.1:80` and `[::1]:80` without their ports. */
export const hostnameOf = (host: string): string => host.replace(/:\d+$/, '')

/** Without its query: that may be anybody's secret. */
export const pathnameOf = (path: string): string => path.replace(/[?#].*$/s, '')

/** What a trace shows of where a request goes: neither query nor credentials. */
export const urlOf = ({ protocol, host, path }: Outgoing): string => {
  const pathname = pathnameOf(path)
  if (pathname.startsWith('/')) return `${protocol}//${host}${pathname}`
  // As proxies are asked: for the whole of it, or for a connection.
  return /^https?:\/\//.test(pathname) && URL.canParse(pathname) ? bare(new URL(pathname)) : `${protocol}//${host}`
}

const bare = ({ origin, pathname }: URL) => `${origin}${pathname}`

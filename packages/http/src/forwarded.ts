/** The addresses of an `x-forwarded-for`, without ports. */
export const hops = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((hop) => withoutPort(hop.trim()))
    .filter(Boolean)

const withoutPort = (hop: string) => /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop

/**
 * The client's address. Each hop appends who was connected to it, and a client may send what it likes before that: so
 * the list is read from its end, past as many proxies as are trusted, and never from its start.
 * @param peer who was connected to the service, by its own account; the last hop where it gives none
 * @param trusted how many proxies stand before the service, such as 1 for CloudFront
 */
export const clientIp = (
  peer: string | undefined,
  forwarded: () => string | undefined,
  trusted: number,
): string | undefined => {
  if (trusted === 0 && peer) return peer
  const list = hops(forwarded())
  return list[Math.max(0, list.length - 1 - trusted)] ?? peer
}

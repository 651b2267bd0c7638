export interface Address {
  readonly host: string
  readonly port: number
}

/** Where Lambda's documentation has the daemon. */
const usual: Address = { host: '127.0.0.1', port: 2000 }

/**
 * Reads `AWS_XRAY_DAEMON_ADDRESS`: `host:port`, or `tcp:host:port udp:host:port` in either order. Undefined where it is
 * neither.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-configuration.html
 */
export const addressOf = (text: string | undefined): Address | undefined => {
  if (!text?.trim()) return usual
  const words = text.trim().split(/\s+/)
  const udp = words.find((word) => word.startsWith('udp:'))
  const word = udp?.slice(4) ?? (words.length === 1 ? words[0] : undefined)
  const [, v6, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(word ?? '') ?? []
  const host = v6 ?? name
  const port = Number(digits)
  return host && port > 0 && port < 65_536 ? { host, port } : undefined
}

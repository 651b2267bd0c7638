/** What went wrong between a function and its Redis, with the driver's own error as the cause. */
export class RedisError extends Error {
  override readonly name: string = 'RedisError'
}

/** Where a Redis is: the resource's key, and its address. */
export interface Place {
  readonly key: string
  readonly address: string
}

/** Whether the server refused who connected. */
export const isRefused = (error: unknown): boolean =>
  /^(WRONGPASS|NOAUTH|NOPERM)\b|invalid.*password/i.test(message(error))

/** The error of a connection that could not be made, with what to do about it. */
export const notConnected = ({ key, address }: Place, error: unknown): RedisError =>
  new RedisError(`\`${key}\` could not connect to ${address}: ${message(error).replace(/\.$/, '')}. ${remedy(error)}`, {
    cause: error,
  })

/** The error of a command that was on its way when its connection was lost. */
export const lost = ({ key, address }: Place, command: string, error: unknown): RedisError =>
  new RedisError(
    `\`${key}\` lost its connection to ${address} while ${command.toUpperCase()} was on its way: whether it ran is not known. Send it again if it may run twice`,
    { cause: error },
  )

const remedy = (error: unknown): string => {
  const { code = '' } = error as { code?: string }
  const text = message(error)
  if (isRefused(error))
    return 'Its `credentials` are not what the server expects: look at the user, the password, and what the user may do'
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code))
    return 'Its certificate is not trusted: give the authority by `tls: { ca }`, and the host name that the certificate is for'
  if (/wrong version number|EPROTO|packet length/.test(code + text))
    return 'It does not speak TLS: enable encryption in transit, or give `tls: false`'
  if (/ENOTFOUND|EAI_AGAIN/.test(code))
    return 'Its host name is not known: look at `host`, and at the DNS settings of the VPC'
  if (code === 'ETIMEDOUT' || /timed out/.test(text))
    return 'Look at `host` and `port`, whether the function is in the VPC, whether both security groups let it through, and whether it speaks TLS (if not: `tls: false`)'
  return 'Look at `host` and `port`, whether the function is in the VPC, and whether both security groups let it through'
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

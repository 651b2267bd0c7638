import type { Kind, Login } from './driver.ts'
import { ConnectError, codeOf } from './errors.ts'

/** Why no connection could be made, and what to do about it. */
export const connectError = (key: string, login: Login, kind: Kind, cause: unknown): ConnectError => {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new ConnectError(key, `${to(login)}: ${said || codeOf(cause)}: ${remedy(kind, codeOf(cause), said)}`, {
    cause,
    code: codeOf(cause),
  })
}

export const connectTimeout = (key: string, login: Login, ms: number): ConnectError =>
  new ConnectError(key, `${to(login)}: no connection within ${Math.max(0, Math.round(ms))} ms: ${unreachable}`, {
    code: 'ETIMEDOUT',
  })

const to = ({ host, port, user }: Login) => `could not connect to ${host}:${port} as ${JSON.stringify(user)}`

const unreachable =
  "is the function in the database's VPC, and do both security groups let it through? `connectTimeout` and `acquireTimeout` allow more time"

const remedy = (kind: Kind, code: string | undefined, said: string): string => {
  if (/requires? (TLS|SSL)|secure.transport/i.test(said)) return 'leave `tls: false` out'
  if (kind === 'denied')
    return (
      'the server refused the credentials, also when asked for anew. Does the secret hold what the database has? ' +
      'With iam(): may the role do `rds-db:connect` for this user, and has the user its IAM authentication?'
    )
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return "the certificate is another host's: connect to the name that it has, or give that as `tls: { servername }`"
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return "the server's certificate is not good at this time: rotate it, and do not turn verification off"
  if (authority.test(`${code}`))
    return (
      'the certificate is of an authority that Node does not know. Past an RDS Proxy, to the database itself: ' +
      "`tls: { ca: rdsCa }`, from '@fnware/rds/ca'"
    )
  if (/support (SSL|secure) conn/i.test(said))
    return 'TLS is on by default. On your own machine, and there alone: `tls: false`'
  if (code === '3D000' || code === 'ER_BAD_DB_ERROR') return 'there is no such database: give `database`'
  if (code === 'ER_DBACCESS_DENIED_ERROR')
    return 'there is no such database, or it is not for this user: look at `database`'
  if (/^(53300|ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS|ER_USER_LIMIT_REACHED)$/.test(`${code}`))
    return 'put an RDS Proxy between, or lower `max` (`budget`) or the concurrency of the function'
  if (code === 'ENOTFOUND') return 'there is no such host: is `host` right?'
  if (code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED')
    return 'the server wants an IAM token for this user: credentials: iam({ user })'
  if (kind === 'unavailable' || kind === 'lost' || kind === 'unknown')
    return `it was tried again and nobody answered: ${unreachable}`
  return 'see the cause'
}

const authority = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|HANDSHAKE_SSL_ERROR)/

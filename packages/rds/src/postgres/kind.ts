import type { Kind } from '../driver.ts'
import { codeOf } from '../errors.ts'

/**
 * What an error of PostgreSQL, of a pooler in front of it, or of the way there means.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const kindOf = (error: unknown): Kind => {
  const code = codeOf(error) ?? ''
  const { severity, message } = Object(error) as { severity?: string; message?: string }
  // PgBouncer has one code for all that it refuses.
  if (/^28/.test(code) || (code === '08P01' && /authentication failed|no such user/.test(`${message}`))) return 'denied'
  if (/^(40001|40P01|OC00\d)$/.test(code)) return 'conflict'
  if (code === '25006') return 'readonly'
  if (/^(53300|57P03|ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return 'unavailable'
  if (/^(08...|57P0[0-9]|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT)$/.test(code)) return 'lost'
  // What the server says last before it closes the connection, other than that it has no such database, or not for you.
  if ((severity === 'FATAL' || severity === 'PANIC') && !/^(3D|42)/.test(code)) return 'lost'
  if (severity) return 'refused'
  // The driver's own, which have no code.
  return /^Connection terminated|connection error and is not queryable|was closed and is not queryable/.test(
    `${message}`,
  )
    ? 'lost'
    : 'unknown'
}

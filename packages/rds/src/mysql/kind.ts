import type { Kind } from '../driver.ts'
import { codeOf } from '../errors.ts'

/**
 * What an error of MySQL or MariaDB, of the driver, or of the way there means.
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * @see https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
export const kindOf = (error: unknown): Kind => {
  const { errno, message, fatal } = Object(error) as Partial<DriverError>
  const code = codeOf(error) ?? ''
  // What the server says has its own number; what the system says is a negative one.
  if (errno !== undefined && errno > 0) {
    if (denied.has(errno)) return 'denied'
    if (conflict.has(errno)) return 'conflict'
    if (readOnly.has(errno) || (errno === optionPrevents && /read.only/i.test(`${message}`))) return 'readonly'
    if (lost.has(errno)) return 'lost'
    return unavailable.has(errno) ? 'unavailable' : 'refused'
  }
  if (/^(ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return 'unavailable'
  if (/^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|PROTOCOL_\w+)$/.test(code)) return 'lost'
  // To write to a connection that the driver has closed is an error of its own, without a code.
  return fatal && !code ? 'lost' : 'unknown'
}

/** What the driver adds to an error. */
interface DriverError extends Error {
  readonly errno: number
  readonly fatal: boolean
}

/** ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_MUST_CHANGE_PASSWORD_LOGIN */
const denied = new Set([1045, 1698, 1862])
/**
 * ER_LOCK_DEADLOCK, ER_CHECKREAD (MariaDB's snapshot isolation), ER_TRANSACTION_ROLLBACK_DURING_COMMIT: all of it was rolled
 * back. After ER_LOCK_WAIT_TIMEOUT that depends on a setting of the server, so transaction() takes it for all of it, and
 * rolls back.
 */
const conflict = new Set([1213, 1020, 3101, 1205])
/** ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_READ_ONLY_MODE */
const readOnly = new Set([1792, 1836])
/** ER_OPTION_PREVENTS_STATEMENT */
const optionPrevents = 1290
/**
 * ER_SERVER_SHUTDOWN, ER_NORMAL_SHUTDOWN, ER_ABORTING_CONNECTION, ER_NEW_ABORTING_CONNECTION, errors of the network,
 * ER_CONNECTION_KILLED (MariaDB), ER_SESSION_WAS_KILLED, ER_CLIENT_INTERACTION_TIMEOUT
 */
const lost = new Set([1053, 1077, 1152, 1184, 1158, 1159, 1160, 1161, 1927, 3169, 4031])
/** ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED, and an RDS Proxy that has no connection to give */
const unavailable = new Set([1040, 1203, 1226, 9501])

import { expect, test } from 'vitest'
import { kindOf } from './kind.ts'

/** As mysql2 makes them of what a server says. */
const said = (errno: number, message = '', code = 'ER_CODE') => Object.assign(new Error(message), { errno, code })
/** As the system, or the driver itself, has them. */
const met = (code: string | undefined, more: object = {}) => Object.assign(new Error(), { code, ...more })

test.each([
  [1045, 'denied'],
  [1698, 'denied'],
  [1044, 'refused'],
  [1213, 'conflict'],
  [1205, 'conflict'],
  [1020, 'conflict'],
  [3101, 'conflict'],
  [1792, 'readonly'],
  [1836, 'readonly'],
  [1053, 'lost'],
  [1927, 'lost'],
  [4031, 'lost'],
  [1040, 'unavailable'],
  [9501, 'unavailable'],
  [1062, 'refused'],
] as const)('what a server says by %i is %s', (errno, kind) => {
  expect(kindOf(said(errno))).toBe(kind)
})

test.each([
  ['The MySQL server is running with the --read-only option so it cannot execute this statement', 'readonly'],
  ['The MySQL server is running with the --super-read-only option so it cannot execute this statement', 'readonly'],
  ['The MySQL server is running with the --secure-file-priv option so it cannot execute this statement', 'refused'],
] as const)('an option that prevents a statement: %s', (message, kind) => {
  expect(kindOf(said(1290, message))).toBe(kind)
})

test.each([
  [met('ECONNREFUSED', { errno: -111 }), 'unavailable'],
  [met('ECONNRESET', { errno: -104, fatal: true }), 'lost'],
  [met('PROTOCOL_CONNECTION_LOST', { fatal: true }), 'lost'],
  [met('PROTOCOL_SEQUENCE_TIMEOUT'), 'lost'],
  [met(undefined, { fatal: true }), 'lost'],
  [met('ENOTFOUND', { errno: -3008 }), 'unknown'],
  [met('DEPTH_ZERO_SELF_SIGNED_CERT', { fatal: true }), 'unknown'],
  [met(undefined), 'unknown'],
  [undefined, 'unknown'],
] as const)('%o is %s', (error, kind) => {
  expect(kindOf(error)).toBe(kind)
})

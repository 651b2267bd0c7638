import { expect, test } from 'vitest'
import { lost, notConnected } from './errors.ts'
import { refusal } from './refused.ts'

const place = { key: 'redis', address: 'orders.abc.euw1.cache.amazonaws.com:6379' }
const failing = (message: string, code?: string) =>
  notConnected(place, Object.assign(new Error(message), { code })).message

test('every error says what, where, and what to do', () => {
  expect({
    refused: failing('WRONGPASS invalid username-password pair or user is disabled.'),
    'not allowed': failing("NOPERM this user has no permissions to run the 'info' command"),
    untrusted: failing('unable to get local issuer certificate', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    'another host': failing("Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID'),
    'not TLS': failing('write EPROTO wrong version number', 'EPROTO'),
    unknown: failing('getaddrinfo ENOTFOUND orders.abc', 'ENOTFOUND'),
    silent: failing('connect ETIMEDOUT', 'ETIMEDOUT'),
    closed: failing('connect ECONNREFUSED 10.0.0.1:6379', 'ECONNREFUSED'),
    lost: lost(place, 'incr', new Error('read ECONNRESET')).message,
    subscribe: refusal('subscribe')?.message,
    blpop: refusal('blpop')?.message,
    watch: refusal('watch')?.message,
    select: refusal('select')?.message,
  }).toMatchSnapshot()
})

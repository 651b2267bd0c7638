import type { LambdaFunction, Make, Peer } from '../../harness/peer.ts'
import { listened, poolByHand } from '../stack/pool.ts'
import { clients, parametersBySdk, secretsBySdk } from '../stack/sdk.ts'
import { readAll, readSecrets, ttl } from '../stack/values.ts'

/** The SDK's clients and a pool of pg's beside the handler, everything begun when the module is loaded. */
export const peer: Peer = {
  title: 'by hand, with the SDK',
  packages: ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-ssm', '@aws-sdk/rds-signer', 'pg'],
  order: 1,
}

/** Kept until it is too old, and then fetched by the invocation that finds it so, and by those that come meanwhile. */
const kept = <T>(fetch: () => Promise<T>, ms = 300_000) => {
  const begin = () => ({ value: fetch(), until: Date.now() + ms })
  let last = begin()
  return (): Promise<T> => {
    if (Date.now() >= last.until) last = begin()
    const { value } = last
    // What failed is not kept.
    value.catch(() => {
      last.until = 0
    })
    return value
  }
}

const both = () => {
  const { secrets, parameters } = clients()
  return [kept(secretsBySdk(secrets), ttl()), kept(parametersBySdk(parameters), ttl())] as const
}

export const configuration: Make = () => {
  const [secrets, parameters] = both()
  return async () => readAll(...(await Promise.all([secrets(), parameters()])))
}

export const queries: Make = () => {
  const pool = poolByHand()
  return async () => ({ ok: (await pool.query('select 1 as one')).rowCount === 1 })
}

export const start: Make = () => {
  const [secrets, parameters] = both()
  const pool = poolByHand()
  const connected = pool.connect().then((client) => client.release())
  return async () => {
    const [values, others] = await Promise.all([secrets(), parameters(), connected])
    return { ...readAll(values, others), connections: pool.totalCount }
  }
}

export const empty: Make = () => (async () => ({ ok: true })) as LambdaFunction

export const held: Make = () => {
  const secrets = kept(secretsBySdk(clients().secrets))
  listened(poolByHand())
  return async () => {
    await secrets()
    return { ok: true }
  }
}

export const read: Make = () => {
  const secrets = kept(secretsBySdk(clients().secrets))
  const pool = poolByHand()
  return async () => ({ ok: readSecrets(await secrets()) && pool.totalCount >= 0 })
}

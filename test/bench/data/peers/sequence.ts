import { rdsToken } from '@fnware/aws'
import { https as parametersByHttps } from '@fnware/parameters'
import { https as secretsByHttps } from '@fnware/secrets'
import pg from 'pg'
import type { Make, Peer } from '../../harness/peer.ts'
import { span } from '../stack/span.ts'
import { byKey, database, parameterKeys, parameterNames, readAll, secretIds, secretKeys } from '../stack/values.ts'

/** The same calls as fnware's, by the same code: the secrets at once, but then the parameters, the token, the connection. */
export const peer: Peer = {
  title: 'the same in sequence',
  packages: ['@fnware/aws', '@fnware/secrets', '@fnware/parameters', 'pg'],
  order: 4,
}

export const start: Make = () => {
  const begun = inSequence()
  return () => begun
}

const inSequence = async () => {
  const { signal } = new AbortController()
  const transport = secretsByHttps()
  const found = await Promise.all(secretIds.map((id) => transport.get({ id }, signal)))
  const parameters = await parametersByHttps().getMany!(parameterNames, signal)
  const { user, ...address } = database()
  const password = await span('token', () => rdsToken({ ...address, user }))
  const client = new pg.Client({ ...address, user, password, ssl: true })
  await client.connect()
  const values = readAll(
    byKey(secretKeys, (i) => found[i]!.text),
    byKey(parameterKeys, (i) => parameters[i]),
  )
  return { ...values, connections: 1 }
}

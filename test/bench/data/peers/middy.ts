import type { Make, Peer } from '../../harness/peer.ts'
import {
  configurationWith,
  emptyByMiddy,
  heldByMiddy,
  queriesByMiddy,
  readByMiddy,
  startByMiddy,
} from '../stack/middy.ts'

/** As it comes: what is fetched once is kept for ever. */
export const peer: Peer = {
  title: 'Middy',
  packages: ['@middy/core', '@middy/secrets-manager', '@middy/ssm', '@aws-sdk/rds-signer', 'pg'],
  order: 2,
}

export const configuration: Make = /* @__PURE__ */ configurationWith()
export const queries: Make = queriesByMiddy
export const start: Make = startByMiddy
export const empty: Make = emptyByMiddy
export const held: Make = heldByMiddy
export const read: Make = readByMiddy

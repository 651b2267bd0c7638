import type { Make, Peer } from '../../harness/peer.ts'
import { configurationWith } from '../stack/middy.ts'
import { ttl } from '../stack/values.ts'

/** With what expires as soon as it does for the others. */
export const peer: Peer = {
  title: 'Middy, `cacheExpiry`',
  packages: ['@middy/core', '@middy/secrets-manager', '@middy/ssm'],
  order: 3,
}

export const configuration: Make = /* @__PURE__ */ configurationWith(() => ({ cacheExpiry: ttl() ?? 300_000 }))

import { join } from 'node:path'
import { discoverIn } from '../../harness/discover.ts'
import type { ObservabilityModule, ObservabilityPeer } from './peer.ts'

/** Every file in `observability/peers/` that is asked for, in the order of the tables. */
export const discoverObservability = (only?: readonly string[]): Promise<readonly ObservabilityPeer[]> =>
  discoverIn<ObservabilityModule>(join(import.meta.dirname, '../peers'), only)

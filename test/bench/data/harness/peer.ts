import type { Found } from '../../harness/discover.ts'
import type { Make, Peer } from '../../harness/peer.ts'

/** What a peer of this group is: one file in `data/peers/`, which exports those of these that it can fill. */
export interface DataModule {
  readonly peer: Peer
  /** Reads five secrets and five parameters, kept for `BENCH_TTL` ms where a peer can be told so, and answers `readAll()`. */
  readonly configuration?: Make
  /** One query of the database, by an IAM token; `{ ok: true }`. */
  readonly queries?: Make
  /** Secrets, parameters, token and connection before the first answer: what INIT is made of. */
  readonly start?: Make
  /** A function with nothing round it: what the next two are beyond. */
  readonly empty?: Make
  /** The same with five secrets and a pool in its context, of which it reads nothing. */
  readonly held?: Make
  /** The same, and it reads the secrets and the pool. */
  readonly read?: Make
}

export type DataCell = Exclude<keyof DataModule, 'peer'>

export type DataPeer = Found<DataModule>

import type { Start } from '../../harness/cold.ts'
import type { Figure } from '../../harness/invocations.ts'
import type { Table } from '../../harness/results.ts'
import type { Size } from '../../harness/size.ts'

/** What was measured of observability: each list has one entry for each round, in order. */
export interface ObservabilityResults {
  /** By cell, then by peer. */
  readonly invocations: Table<readonly Figure[]>
  /** The cells of `await`s on another Node, where there was one. */
  readonly other?: { readonly node: string; readonly invocations: Table<readonly Figure[]> } | undefined
  /** Cold starts of the whole stack: by situation, then by peer and `emptyModule`. */
  readonly cold: Table<readonly Start[]>
  readonly sizes: Readonly<Record<string, Size>>
}

import type { DataResults } from '../data/harness/results.ts'
import type { ObservabilityResults } from '../observability/harness/results.ts'
import type { Start } from './cold.ts'
import type { Figure } from './invocations.ts'
import type { Size } from './size.ts'

/** What was measured: each list has one entry for each round, in order. */
export interface Results {
  /** By cell, then by peer. */
  readonly invocations: Table<readonly Figure[]>
  /** By peer, and by part; `empty` is the process that loads and does nothing. */
  readonly cold: Readonly<Record<string, readonly Start[]>>
  readonly parts: Readonly<Record<string, readonly Start[]>>
  /** By peer, and by the name of an entry point. */
  readonly sizes: Readonly<Record<string, Size>>
  /** Bytes, by peer. */
  readonly memory: Readonly<Record<string, readonly number[]>>
  /** Configuration and data, where that was measured. */
  readonly data?: DataResults | undefined
  /** What observes an invocation, where that was measured. */
  readonly observability?: ObservabilityResults | undefined
}

/** Another one begins each round, so that none always comes after the same. */
export const rotated = <T>(list: readonly T[], round: number): readonly T[] => {
  const first = round % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}

export type Table<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

/** Collects the rounds of each name. */
export class Rounds<T> {
  readonly lists: Record<string, T[]> = {}
  add(name: string, value: T): void {
    ;(this.lists[name] ??= []).push(value)
  }
}

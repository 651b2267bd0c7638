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
}

export type Table<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

/** Collects the rounds of each name. */
export class Rounds<T> {
  readonly lists: Record<string, T[]> = {}
  add(name: string, value: T): void {
    ;(this.lists[name] ??= []).push(value)
  }
}

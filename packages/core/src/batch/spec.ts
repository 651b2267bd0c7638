import type { Records } from './records.ts'

/** What a batch source knows of its records. */
export interface BatchSpec<Event, Record, Result, Item extends object> {
  readonly name: string
  is?(event: unknown): boolean
  /** Throws on an event that is not its own. */
  records(event: Event): readonly Record[]
  /** Names a record in the log. */
  id(record: Record): string
  /** What a record adds to its context. What it throws fails that record. */
  open(record: Record): Item
  /** What `.input()` checks. */
  payload(item: Item): unknown
  /**
   * Records of one group run one after another, in their order. After one that failed, those of its group that are left
   * do not run, and are brought again with it; other groups go on.
   */
  group?(record: Record): string
  /**
   * Whether all that comes after the first failure is brought again in any case, as streams do: then nothing that comes
   * after it is begun.
   */
  readonly ordered?: boolean
  /** Whether the service wants to be told of every record: then a batch that failed as a whole does not throw. */
  readonly tellsEach?: boolean
  /** What else a log line says of the batch, such as how often its records were brought before. */
  describe?(records: readonly Record[]): Readonly<{ [key: string]: unknown }>
  /** What tells the service how it went. */
  answer(records: Records<Record>, event: Event): Result
}

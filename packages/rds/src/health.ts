/** What a pool has been through since it was made: plain numbers, for a log line or a metric. */
export interface Health {
  /** Connections that are open, whether lent or idle. */
  readonly open: number
  /** Invocations and transactions that wait for a connection. */
  readonly waiting: number
  /** Connections made. */
  readonly opened: number
  /** Connections given up: too long idle, found dead, dropped after a failover, destroyed at a deadline. */
  readonly discarded: number
  /** Statements, transactions and connects that were tried again. */
  readonly retried: number
}

export class Counters {
  opened = 0
  discarded = 0
  retried = 0
}

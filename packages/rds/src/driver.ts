/** Where to connect, and as whom. */
export interface Login {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string | undefined
}

/**
 * What an error of a driver means.
 * - `denied`: the user or the password is wrong;
 * - `unavailable`: nobody takes connections for the moment;
 * - `lost`: the connection is gone, or about to be;
 * - `readonly`: the server takes no writes, the connection is sound: a failover;
 * - `conflict`: the whole transaction was rolled back, and may go well if it is run again;
 * - `refused`: anything else that the server says: the statement had no effect;
 * - `unknown`: none of the server's.
 */
export type Kind = 'denied' | 'unavailable' | 'lost' | 'readonly' | 'conflict' | 'refused' | 'unknown'

/** What the pool needs of a database driver, of whose connections it lends one at a time. */
export interface Driver<Client extends object> {
  /** The port where neither the options nor the credentials name one. */
  readonly defaultPort: number
  /**
   * Connects and authenticates. When the signal aborts, the socket is destroyed and the promise rejects.
   * @param lost to be called whenever the connection is found to be gone
   */
  connect(login: Login, signal: AbortSignal, lost: () => void): Promise<Client>
  /** A round trip that changes nothing. */
  ping(client: Client): Promise<unknown>
  /** Whether it may be lent again: not within a transaction, and not in the middle of an answer. */
  reusable(client: Client): boolean
  /** Says goodbye, and does not wait. */
  end(client: Client): void
  /**
   * Nothing more is sent, and whoever waits for an answer is told. The socket is closed at once, or when the server has
   * been asked to end what it does for it.
   */
  destroy(client: Client): void | Promise<void>
  kindOf(error: unknown): Kind
}

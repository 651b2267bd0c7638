/** What must be done before a statement goes to a connection that was idle. */
export type Check = 'none' | 'look' | 'ping' | 'discard'

/** ms within which the event loop has just heard of the connection. */
const warm = 2
/** ms after which a socket may be dead without a sign. */
const silent = 5_000

/**
 * Judged by the wall clock, since timers do not run in a frozen environment.
 * @param idleFor ms since the connection was last used; less than none where the clock was put back
 * @param limit ms after which a connection is not trusted any more
 */
export const checkFor = (idleFor: number, limit: number): Check => {
  if (idleFor >= limit) return 'discard'
  if (idleFor < 0 || idleFor > silent) return 'ping'
  return idleFor > warm ? 'look' : 'none'
}

/** Lets the event loop see what has come in meanwhile, such as the end of a socket: a whole turn of it. */
export const turn = (): Promise<void> =>
  // The first may run before the loop looks at the sockets, the second cannot.
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

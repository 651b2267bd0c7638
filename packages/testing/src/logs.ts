import { Collector, collecting, listening } from './output.ts'

/** What was written while a function ran. May be read while it does. */
export interface Logs {
  /** Every line of stdout and stderr, in the order in which they were finished. */
  readonly text: readonly string[]
  /** The lines that are JSON objects, parsed. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
  /** All of stdout, as it was written. */
  readonly stdout: string
  /** All of stderr, as it was written. */
  readonly stderr: string
}

/**
 * Runs a function and collects what it writes to the console, to stdout and to stderr: it, and all that it starts, told
 * apart by their asynchronous context. So it may be used several times at once, and one in another: each collects its own.
 * Nothing of that is shown, unless the function throws: then all of it is, and the error goes on.
 *
 * What goes round the streams (`fs.writeSync(1, …)`, another process or thread) is not seen, nor what runs in no context
 * of the function's, such as a listener of a pool made before.
 *
 * @param fn is given what was collected so far
 */
export const collectLogs = async <T>(fn: (logs: Logs) => T | Promise<T>): Promise<{ result: T; logs: Logs }> => {
  const collector = new Collector(collecting.getStore())
  const stop = listening()
  try {
    const result = await collecting.run(collector, async () => fn(collector))
    collector.close()
    return { result, logs: collector }
  } catch (error) {
    collector.close()
    collector.replay()
    throw error
  } finally {
    stop()
  }
}

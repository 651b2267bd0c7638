/** That a fetch gave up by itself, since it had no answer in time. */
export class Late extends Error {}

/**
 * Gives up after `ms` with an error of its own, unless the work has a better one by then; whoever asks may abort earlier.
 * @throws Late
 */
export const within = <T>(ms: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const controller = new AbortController()
    const stop = (reason: unknown) => {
      controller.abort(reason)
      setImmediate(reject, reason)
    }
    const timer = setTimeout(() => stop(new Late(`no answer within ${ms} ms`)), ms)
    outer.addEventListener('abort', () => stop(outer.reason), { once: true })
    work(controller.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })

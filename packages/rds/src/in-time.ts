/** Waits for work, but no longer than `ms`, nor past the signal. What comes later is nobody's. */
export const inTime = <T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal | undefined,
  late: () => Error,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const aborted = () => settle(reject, signal?.reason)
    const timer = setTimeout(() => settle(reject, late()), Math.max(0, Math.min(ms, 0x7fff_ffff)))
    const settle = <V>(how: (value: V) => void, value: V) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      how(value)
    }
    if (signal?.aborted) aborted()
    else signal?.addEventListener('abort', aborted)
    work.then(
      (value) => settle(resolve, value),
      (error) => settle(reject, error),
    )
  })

/** Waits; less long where the signal aborts. */
export const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (signal?.aborted) done()
    else signal?.addEventListener('abort', done)
  })

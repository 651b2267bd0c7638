/** Waits for work to settle, but no longer than `ms`; whether it did. What it rejects with is its owner's matter. */
export const settledWithin = (work: Promise<unknown>, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), Math.min(Math.max(0, ms), longest))
    const settled = () => {
      clearTimeout(timer)
      resolve(true)
    }
    work.then(settled, settled)
  })

/** The longest that setTimeout() can wait. */
export const longest: number = 0x7fff_ffff

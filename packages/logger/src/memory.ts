/** ms for which a reading serves: it takes 0.7 µs, and `process.memoryUsage.rss()` takes ten times as long. */
const good = 10
let peak = 0
let readAt = Number.NEGATIVE_INFINITY

/**
 * The most memory that this process has held since it began, in MB: what Lambda reports as `Max Memory Used`.
 * @param now by `process.hrtime()`
 */
export const peakMemory = ([seconds, nanoseconds]: readonly [seconds: number, nanoseconds: number]): number => {
  const now = seconds * 1e3 + nanoseconds / 1e6
  if (now - readAt >= good) {
    readAt = now
    peak = Math.ceil(process.resourceUsage().maxRSS / 1024)
  }
  return peak
}

/** How much of a line's values is kept: characters of each text, items of each list and keys of each object. */
export interface Bounds {
  readonly text: number
  readonly items: number
}

/**
 * The bytes of one event of CloudWatch Logs, which counts 26 more for it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const longest: number = 1024 * 1024 - 26

/** Everything, and else as much of everything as will do. */
export const unbounded: Bounds = { text: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY }
const steps: readonly Bounds[] = [
  unbounded,
  { text: 262_144, items: 10_000 },
  { text: 32_768, items: 1000 },
  { text: 2048, items: 200 },
  { text: 128, items: 50 },
]

/** Thrown at the first sign that a line will be longer than it may be. */
export const tooLong: unique symbol = Symbol('too long')

export const fits = (line: string): boolean =>
  line.length * 3 <= longest || (line.length <= longest && Buffer.byteLength(line) <= longest)

/** The line that keeps most of those that fit, if there is one. */
export const fitting = (make: (bounds: Bounds) => string): string | undefined => {
  for (const bounds of steps)
    try {
      const line = make(bounds)
      if (fits(line)) return line
    } catch (error) {
      if (error !== tooLong) throw error
    }
  return undefined
}

/** What is left of a text, and how much is not. */
export const cutText = (text: string, most: number): string => {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  // Half a character is none.
  const end = last >= 0xd800 && last < 0xdc00 ? most - 1 : most
  return `${text.slice(0, end)}… [cut: ${text.length - end} characters]`
}

/** Dates as seconds since the epoch, bytes in base64: AWS's JSON protocol. */
export const awsJson = (value: unknown): string => JSON.stringify(encoded(value, (date) => date.getTime() / 1000))

/** Dates in ISO 8601: what the extension, a Go program, makes of an answer. */
export const goJson = (value: unknown): string => JSON.stringify(encoded(value, (date) => date.toISOString()))

function encoded(value: unknown, dated: (date: Date) => unknown): unknown {
  if (value instanceof Date) return dated(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map((each) => encoded(each, dated))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encoded(each, dated)]))
}

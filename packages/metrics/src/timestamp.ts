const hour = 60 * 60 * 1000

/**
 * In ms since the epoch; undefined where CloudWatch would not take it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export const timestampOf = (at: unknown): number | undefined => {
  const time = typeof at === 'object' ? timeOf(at) : at
  const now = Date.now()
  const isTaken = Number.isInteger(time) && Number(time) >= now - 14 * 24 * hour && Number(time) <= now + 2 * hour
  return isTaken ? (time as number) : undefined
}

/** Of what is no date, such as a Proxy of one, none. */
const timeOf = (at: object | null): number | undefined => {
  try {
    return Date.prototype.getTime.call(at)
  } catch {
    return undefined
  }
}

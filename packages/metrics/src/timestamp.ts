const hour = 60 * 60 * 1000

/**
 * In ms since the epoch; undefined where CloudWatch would not take it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export const timestampOf = (at: unknown): number | undefined => {
  const time = at instanceof Date ? at.getTime() : at
  const now = Date.now()
  const isTaken = Number.isInteger(time) && Number(time) >= now - 14 * 24 * hour && Number(time) <= now + 2 * hour
  return isTaken ? (time as number) : undefined
}

/** How often CloudWatch has a unit: by itself, and by the second. */
const sizes = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'] as const
const bits = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'] as const
const times = ['Seconds', 'Microseconds', 'Milliseconds'] as const

type Rated = (typeof sizes)[number] | (typeof bits)[number] | 'Count'

/**
 * CloudWatch's units.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export type MetricUnit = (typeof times)[number] | Rated | `${Rated}/Second` | 'Percent' | 'None'

const rated = [...sizes, ...bits, 'Count']
export const units: readonly string[] = [
  ...times,
  ...rated,
  ...rated.map((unit) => `${unit}/Second`),
  'Percent',
  'None',
]

import { type Fields, isObject, list, number, object, oneOf, type Rule, shown, text } from './rule.ts'

/*
 * The embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

const sizes = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes']
const bits = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits']
const rates = [...sizes, ...bits, 'Count'].map((unit) => `${unit}/Second`)
const units = ['Seconds', 'Microseconds', 'Milliseconds', ...sizes, ...bits, 'Percent', 'Count', ...rates, 'None']

const ascii = { pattern: /^(?=.*\S)[\x20-\x7e]*$/, says: 'of printable ASCII, not all of it spaces' }
const day = 24 * 60 * 60 * 1000

const metric = object(
  { Name: text({ min: 1, max: 1024, ...ascii }), Unit: oneOf(...units), StorageResolution: oneOf(1, 60) },
  ['Name'],
)

const directive = object(
  {
    Namespace: text({ min: 1, max: 1024, ...ascii }),
    Dimensions: list(list(text({ min: 1, max: 250, ...ascii }), { max: 30 }), { min: 1 }),
    Metrics: list(metric, { max: 100 }),
  },
  ['Namespace', 'Dimensions', 'Metrics'],
)

function metadata(now: number): Rule {
  const fields: Fields = {
    // CloudWatch takes no others.
    Timestamp: number({ integer: true, min: now - 14 * day, max: now + day / 12 }),
    CloudWatchMetrics: list(directive),
  }
  return object(fields, ['Timestamp', 'CloudWatchMetrics'])
}

const dimensionValue = text({ min: 1, max: 1024, ...ascii })
const value = number({ min: -(2 ** 360), max: 2 ** 360 })
const metricValue: Rule = (given, where, report) =>
  (Array.isArray(given) ? list(value, { min: 1, max: 100 }) : value)(given, where, report)

/** Whether a document of the embedded metric format is sound, as CloudWatch has it at `now`, in ms. */
export function checkMetrics(
  document: Readonly<Record<string, unknown>>,
  now: number,
  report: (fault: string) => void,
): void {
  const { _aws } = document
  metadata(now)(_aws, '_aws', report)
  if (!isObject(_aws) || !Array.isArray(_aws.CloudWatchMetrics)) return
  for (const directive of _aws.CloudWatchMetrics.filter(isObject)) {
    const dimensions = strings(Array.isArray(directive.Dimensions) ? directive.Dimensions.flat() : [])
    target(document, new Set(dimensions), dimensionValue, 'the dimension', report)
    const defined = Array.isArray(directive.Metrics) ? directive.Metrics.filter(isObject) : []
    const names = strings(defined.map(({ Name }) => Name))
    target(document, new Set(names), metricValue, 'the metric', report)
    for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index)))
      report(`the metric ${name} is defined twice in ${shown(directive.Namespace)}`)
  }
}

function target(
  document: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
  rule: Rule,
  what: string,
  report: (fault: string) => void,
): void {
  for (const name of names) {
    if (Object.hasOwn(document, name)) rule(document[name], `${what} ${name}`, report)
    else report(`${what} ${name} has no value`)
  }
}

function strings(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}

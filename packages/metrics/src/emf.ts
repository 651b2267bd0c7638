import { writeLine } from '@fnware/core/extend'
import { type Definition, definition } from './definition.ts'
import { dimensionValue } from './dimension-value.ts'
import { type Entry, fits, type Sets, split, type Values, type Writer } from './writer.ts'

/** The parts of a line that its dimensions' names decide. */
interface Shape {
  /** From the time to the list of metrics. */
  readonly directive: string
  /** The dimensions that every metric has. */
  readonly defaults: string
  /** The keys of the others. */
  readonly keys: readonly (readonly [index: number, key: string])[]
}

/**
 * Writes lines of the embedded metric format, as Powertools does.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class Emf implements Writer<Shape> {
  readonly #namespace: string
  readonly #defaults: Readonly<Record<string, string>>

  constructor(namespace: string, defaults: Readonly<Record<string, string>>) {
    this.#namespace = namespace
    this.#defaults = defaults
  }

  shape({ names, sets }: Sets): Shape {
    const defaults = Object.entries(this.#defaults)
    const dimensions = sets.map((set) => [
      ...new Set([...defaults.map(([name]) => name), ...set.map((index) => names[index] as string)]),
    ])
    const used = [...new Set(sets.flat())].map((index) => [index, names[index] as string] as const)
    const given = new Set(used.map(([, name]) => name))
    return {
      directive: `,"CloudWatchMetrics":[{"Namespace":${JSON.stringify(this.#namespace)},"Dimensions":${JSON.stringify(dimensions)},"Metrics":[`,
      defaults: defaults
        .filter(([name]) => !given.has(name))
        .map(([name, value]) => member(name, value))
        .join(''),
      keys: used.map(([index, name]) => [index, `,${JSON.stringify(name)}:`]),
    }
  }

  write(entry: Entry<Shape>): void {
    const { metrics, values } = entry
    if (fits(metrics, values, mostValues)) writeLine(line(entry, metrics, values))
    else for (const [some, part] of split(metrics, values, mostValues)) writeLine(line(entry, some, part))
  }

  coldStart(functionName: string | undefined): void {
    const name = dimensionValue(functionName)
    const names = name === undefined ? [] : ['function_name']
    this.write({
      shape: this.shape({ names, sets: [names.map((_, index) => index)] }),
      dimensions: [name],
      metrics: [definition('ColdStart', 'Count', 0)],
      values: [1],
    })
  }
}

/** Of one metric, in one line. */
const mostValues = 100

const member = (key: string, value: string) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`

/** Put together by hand: JSON.stringify() of an object made for it takes three times as long. */
const line = (
  { shape, dimensions, metadata, timestamp = Date.now() }: Entry<Shape>,
  metrics: readonly Definition[],
  values: Values,
): string => {
  let defined = ''
  let members = ''
  if (metadata) for (const [key, json] of metadata) members += `,${JSON.stringify(key)}:${json}`
  members += shape.defaults
  for (const [index, key] of shape.keys) members += key + JSON.stringify(dimensions[index])
  for (const { index, json, key } of metrics) {
    defined += defined === '' ? json : `,${json}`
    const all = values[index] as number | readonly number[]
    members += key + (typeof all === 'number' ? all : `[${all.join()}]`)
  }
  return `{"_aws":{"Timestamp":${timestamp}${shape.directive}${defined}]}]}${members}}`
}

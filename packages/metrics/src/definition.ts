import { checkOptions, didYouMean } from '@fnware/core/extend'
import { checkName } from './names.ts'
import { type MetricUnit, units } from './units.ts'

/** What a metric is measured in, and how finely CloudWatch keeps it. */
export interface MetricDefinition {
  readonly unit: MetricUnit
  /** `high` is kept by the second, `standard` (the default) by the minute. */
  readonly resolution?: 'standard' | 'high'
}

/** A metric, ready to be written. */
export interface Definition {
  readonly name: string
  readonly unit: MetricUnit
  readonly high: boolean
  /** Where its values are found. */
  readonly index: number
  /** What says that it is one, and the key of its values. */
  readonly json: string
  readonly key: string
}

export const definition = (name: string, unit: MetricUnit, index: number, high = false): Definition => ({
  name,
  unit,
  high,
  index,
  json: JSON.stringify({ Name: name, Unit: unit, ...(high && { StorageResolution: 1 }) }),
  key: `,${JSON.stringify(name)}:`,
})

/** @throws TypeError on a name or a unit that CloudWatch does not know */
export const definitionsOf = (
  metrics: Readonly<Record<string, MetricUnit | MetricDefinition>>,
): ReadonlyMap<string, Definition> =>
  new Map(
    Object.entries(metrics).map(([name, given], index) => {
      const where = `metrics(): the metric \`${checkName('metric', name)}\``
      if (typeof given !== 'string') checkOptions(where, given, { unit: 'string', resolution: 'string' })
      const { unit, resolution = 'standard' } = typeof given === 'string' ? { unit: given } : given
      if (!units.includes(unit))
        throw new TypeError(`${where}: there is no unit \`${unit}\`${didYouMean(`${unit}`, units)}`)
      if (resolution !== 'standard' && resolution !== 'high')
        throw new TypeError(`${where}: \`resolution\` must be \`standard\` or \`high\``)
      return [name, definition(name, unit, index, resolution === 'high')]
    }),
  )

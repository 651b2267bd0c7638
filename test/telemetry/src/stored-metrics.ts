import { isObject } from './rule.ts'

/** A metric as CloudWatch stores it: one of each set of dimensions. */
export interface StoredMetric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly unit: string
  /** Seconds: 60, or 1 of high resolution. */
  readonly resolution: 1 | 60
  readonly values: readonly number[]
  /** ms since the epoch. */
  readonly timestamp: number
}

interface Directive {
  readonly Namespace: string
  readonly Dimensions: readonly (readonly string[])[]
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string; readonly StorageResolution?: 1 | 60 }[]
}

/** Of a sound document of the embedded metric format. */
export function storedMetricsOf(document: Readonly<Record<string, unknown>>): readonly StoredMetric[] {
  if (!isObject(document._aws)) return []
  const { Timestamp: timestamp, CloudWatchMetrics: directives } = document._aws as {
    Timestamp: number
    CloudWatchMetrics: readonly Directive[]
  }
  return directives.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((set) => {
      const dimensions = Object.fromEntries(set.map((name) => [name, document[name] as string]))
      return Metrics.map(({ Name: name, Unit: unit = 'None', StorageResolution: resolution = 60 }) => {
        const values = [document[name] as number | readonly number[]].flat()
        return { namespace, name, dimensions, unit, resolution, values, timestamp }
      })
    }),
  )
}

import type { Definition } from './definition.ts'

/** What an invocation's metrics were, each where its definition's `index` says. */
export type Values = readonly (number | readonly number[] | undefined)[]

/** Names of dimensions beyond those that every metric has, and the sets that they are written in, by their index. */
export interface Sets {
  readonly names: readonly string[]
  readonly sets: readonly (readonly number[])[]
}

/** What is written together: one set of dimensions, one time. */
export interface Entry<Shape> {
  /** Made of the dimensions' names by {@link Writer.shape}, once. */
  readonly shape: Shape
  /** The dimensions' values, by the index of their names. */
  readonly dimensions: readonly (string | undefined)[]
  readonly metrics: readonly Definition[]
  readonly values: Values
  /** JSON by its key. */
  readonly metadata?: ReadonlyMap<string, string> | undefined
  /** ms since the epoch; now by default. */
  readonly timestamp?: number | undefined
}

/** Where metrics go. It keeps nothing: what it is given it writes in one go. */
export interface Writer<Shape = unknown> {
  shape(sets: Sets): Shape
  write(entry: Entry<Shape>): void
  coldStart(functionName: string | undefined): void
}

/** Of a line, as CloudWatch takes it. */
const mostMetrics = 100

/** @param most values of a metric */
export const fits = (metrics: readonly Definition[], values: Values, most: number): boolean => {
  if (metrics.length > mostMetrics) return false
  for (const { index } of metrics) {
    const all = values[index]
    if (typeof all === 'object' && all.length > most) return false
  }
  return true
}

/** As many lines as it takes. */
export const split = (
  metrics: readonly Definition[],
  values: Values,
  most: number,
): readonly (readonly [readonly Definition[], Values])[] => {
  const parts: [Definition[], Values][] = []
  let rest = metrics
  for (let from = 0; rest.length > 0; from += most) {
    for (let first = 0; first < rest.length; first += mostMetrics) {
      const some = rest.slice(first, first + mostMetrics)
      const part: (number | readonly number[] | undefined)[] = []
      for (const { index } of some) {
        const all = values[index]
        part[index] = typeof all === 'object' ? all.slice(from, from + most) : all
      }
      parts.push([some, part])
    }
    rest = rest.filter(({ index }) => {
      const all = values[index]
      return typeof all === 'object' && all.length > from + most
    })
  }
  return parts
}

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
  readonly metadata: ReadonlyMap<string, string> | undefined
  /** ms since the epoch. */
  readonly timestamp: number
}

/** Where metrics go. It keeps nothing: what it is given it writes in one go. */
export interface Writer<Shape = unknown> {
  shape(sets: Sets): Shape
  write(entry: Entry<Shape>): void
  coldStart(functionName: string | undefined): void
}

export const mostMetrics = 100
export const mostValues = 100

/** As many entries as it takes, of at most 100 metrics with so many values each. */
export function* split(
  metrics: readonly Definition[],
  values: Values,
  most: number,
): Generator<[Definition[], Values]> {
  for (let from = 0; ; from += most) {
    const rest = metrics.filter(({ index }) => from === 0 || Number((values[index] as number[]).length) > from)
    if (rest.length === 0) return
    for (let first = 0; first < rest.length; first += mostMetrics) {
      const some = rest.slice(first, first + mostMetrics)
      const part: (number | readonly number[] | undefined)[] = []
      for (const { index } of some) {
        const all = values[index]
        part[index] = typeof all === 'object' ? all.slice(from, from + most) : all
      }
      yield [some, part]
    }
  }
}

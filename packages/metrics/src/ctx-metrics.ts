declare const undeclared: unique symbol

/** Values of dimensions, by their names. What is undefined is left out. */
export type DimensionValues<Dimension extends string> = {
  readonly [D in Dimension]?: string | undefined
} & {
  /** So that no name passes where none was declared. */
  readonly [undeclared]?: never
}

/**
 * The metrics of one invocation. They are written when it ends, however it does.
 * @typeParam Name the names that were declared
 * @typeParam Dimension the names of dimensions that were declared
 */
export interface Metrics<in Name extends string = never, in Dimension extends string = never> {
  /** Adds a value: several of a metric are kept apart. One that CloudWatch would not take is left out, with a warning. */
  add(name: Name, value: number): void
  /** Dimensions of everything that this invocation adds, before and after. */
  dimensions(values: DimensionValues<Dimension>): void
  /** Metrics with more dimensions, on what is added to them alone. */
  with(values: DimensionValues<Dimension>): Metrics<Name, Dimension>
  /** Goes on the lines of the metrics into the log, to be found there, and makes no metric. */
  metadata(key: string, value: unknown): void
  /** When it happened, where that is not now: at most 14 days ago. */
  timestamp(at: Date | number): void
}

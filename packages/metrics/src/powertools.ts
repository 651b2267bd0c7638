import type { Definition } from './definition.ts'
import type { MetricUnit } from './units.ts'
import { type Entry, fits, type Sets, split, type Values, type Writer } from './writer.ts'

/** The part of Powertools' Metrics that is used of one that a user has. */
export interface PowertoolsMetrics {
  addMetric(name: string, unit: MetricUnit, value: number, resolution?: 1 | 60): unknown
  addDimensions(dimensions: Record<string, string>): unknown
  addMetadata(key: string, value: string): unknown
  setTimestamp(timestamp: number): unknown
  captureColdStartMetric(functionName?: string): void
  hasStoredMetrics(): boolean
  publishStoredMetrics(): unknown
  clearDimensions(): void
  clearMetadata(): void
}

export const isPowertools = (value: unknown): value is PowertoolsMetrics =>
  typeof (value as Partial<PowertoolsMetrics> | null)?.publishStoredMetrics === 'function'

/** At one more it publishes of its own accord, and forgets the dimensions of what is still to come. */
const mostValues = 99

/** Writes through a Metrics of Powertools: put into it and published in one go, so that no two invocations meet in it. */
export class Powertools implements Writer<Sets> {
  readonly #metrics: PowertoolsMetrics

  /** @throws TypeError on one that publishes each metric at once, whose dimensions end with the first */
  constructor(metrics: PowertoolsMetrics) {
    if ((metrics as { isSingleMetric?: boolean }).isSingleMetric)
      throw new TypeError('metrics(): a Metrics with `singleMetric` writes each metric apart: give one without it')
    this.#metrics = metrics
  }

  shape(sets: Sets): Sets {
    return sets
  }

  write(entry: Entry<Sets>): void {
    const { metrics, values } = entry
    this.#clear()
    try {
      if (fits(metrics, values, mostValues)) this.#publish(entry, metrics, values)
      else for (const [some, part] of split(metrics, values, mostValues)) this.#publish(entry, some, part)
    } catch (error) {
      this.#clear()
      throw error
    }
  }
  /** What a user put into it goes first, with dimensions of its own. */
  #clear() {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics()
    this.#metrics.clearDimensions()
    this.#metrics.clearMetadata()
  }
  #publish({ shape, dimensions, metadata, timestamp }: Entry<Sets>, metrics: readonly Definition[], values: Values) {
    for (const set of shape.sets) {
      // Where there are none it writes those that every metric has.
      if (set.length === 0 && shape.sets.length === 1) continue
      this.#metrics.addDimensions(
        Object.fromEntries(set.map((index) => [shape.names[index], dimensions[index] as string])),
      )
    }
    if (metadata) for (const [key, json] of metadata) this.#metrics.addMetadata(key, JSON.parse(json))
    if (timestamp !== undefined) this.#metrics.setTimestamp(timestamp)
    for (const { name, unit, index, high } of metrics) {
      const all = values[index] as number | readonly number[]
      for (const value of typeof all === 'number' ? [all] : all)
        this.#metrics.addMetric(name, unit, value, high ? 1 : 60)
    }
    this.#metrics.publishStoredMetrics()
  }

  coldStart(functionName: string | undefined): void {
    this.#metrics.captureColdStartMetric(functionName)
  }
}

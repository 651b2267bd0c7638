import type { Invocation } from '@fnware/core'
import { didYouMean } from '@fnware/core/extend'
import type { Metrics } from './ctx-metrics.ts'
import type { Definition } from './definition.ts'
import { dimensionValue } from './dimension-value.ts'
import { fitting, metadataJson } from './metadata.ts'
import { Recording } from './recording.ts'
import type { Shapes } from './shapes.ts'
import { timestampOf } from './timestamp.ts'
import type { Writer } from './writer.ts'

/** What all invocations have in common. */
export interface Plan {
  readonly metrics: ReadonlyMap<string, Definition>
  /** The names of what invocations may set. */
  readonly dimensions: readonly string[]
  /** Names that are a metric's or a dimension's. */
  readonly taken: ReadonlySet<string>
  readonly writer: Writer
  readonly shapes: Shapes
}

/** By the index of their names. */
type Dimensions = (string | undefined)[]

/** CloudWatch's, either way. */
const largest = 2 ** 360

/** What an invocation adds with the same dimensions. Most of it is made when it is needed: many invocations add nothing. */
export class InvocationMetrics implements Metrics<string, string> {
  readonly #plan: Plan
  readonly #ctx: Invocation
  #recording: Recording | undefined
  /** Whose dimensions and metadata these have as well. */
  readonly #parent: InvocationMetrics | undefined
  /** What these are found by, where they are a child's. */
  #key = ''
  #metrics: Definition[] | undefined = undefined
  #values: (number | number[] | undefined)[] = none
  #dimensions: Dimensions | undefined = undefined
  #metadata: Map<string, string> | undefined = undefined
  #timestamp: number | undefined = undefined

  constructor(plan: Plan, ctx: Invocation, parent?: InvocationMetrics) {
    this.#plan = plan
    this.#ctx = ctx
    this.#parent = parent
    this.#recording = parent?.recording
  }

  get recording(): Recording {
    this.#recording ??= new Recording(this.#ctx)
    return this.#recording
  }

  add(name: string, value: number): void {
    const definition = this.#definitionOf(name, value)
    if (definition === undefined) return
    if (this.#metrics === undefined) {
      this.#metrics = []
      this.#values = []
      this.recording.begun(this, name)
    }
    const before = this.#values[definition.index]
    if (before === undefined) {
      this.#metrics.push(definition)
      this.#values[definition.index] = value
    } else if (typeof before === 'number') this.#values[definition.index] = [before, value]
    else before.push(value)
  }

  #definitionOf(name: string, value: number): Definition | undefined {
    const { metrics } = this.#plan
    const definition = metrics.get(name)
    if (definition === undefined) this.#unknown('metric', name, [...metrics.keys()])
    else if (typeof value === 'number' && value >= -largest && value <= largest) return definition
    else this.#warn(`\`${name}\` is left out: ${shown(value)} is no number that CloudWatch takes`, name)
    return undefined
  }

  dimensions(values: Readonly<Record<string, unknown>>): void {
    if (this.#key !== '') this.recording.changed(this.#key)
    for (const name of this.#keysOf(values)) {
      const index = this.#plan.dimensions.indexOf(name)
      if (index < 0) this.#unknown('dimension', name, this.#plan.dimensions)
      else this.#set(index, name, values)
    }
  }
  #keysOf(values: object): readonly string[] {
    try {
      return Object.keys(values)
    } catch (error) {
      this.#warn('dimensions that cannot be read are left out', 'dimensions', error)
      return none as never[]
    }
  }
  #set(index: number, name: string, values: Readonly<Record<string, unknown>>) {
    try {
      const given = values[name]
      if (given === undefined) return
      const value = dimensionValue(given)
      if (value === undefined)
        return this.#warn(`the dimension \`${name}\` is left out: it takes text, and not an empty one`, name)
      if (value !== given)
        this.#warn(`the dimension \`${name}\` holds what CloudWatch does not take: it is changed`, name)
      this.#dimensions ??= []
      this.#dimensions[index] = value
    } catch (error) {
      this.#warn(`the dimension \`${name}\` is left out`, name, error)
    }
  }

  with(values: Readonly<Record<string, unknown>>): InvocationMetrics {
    const made = new InvocationMetrics(this.#plan, this.#ctx, this)
    made.#recording = this.recording
    made.dimensions(values)
    const key = `${this.#key}/${JSON.stringify(made.#dimensions)}`
    return this.recording.child(key, () => {
      made.#key = key
      return made
    })
  }

  metadata(key: string, value: unknown): void {
    try {
      if (typeof key !== 'string' || this.#plan.taken.has(key)) {
        this.#warn(
          `the metadata \`${shown(key)}\` is left out: a metric, a dimension or EMF itself has that name`,
          `metadata ${shown(key)}`,
        )
        return
      }
      const json = metadataJson(value)
      if (json === undefined) return
      this.#metadata ??= new Map()
      this.#metadata.set(key, json)
    } catch (error) {
      this.#warn(`the metadata \`${shown(key)}\` is left out`, `metadata ${shown(key)}`, error)
    }
  }

  timestamp(at: Date | number): void {
    const timestamp = timestampOf(at)
    if (timestamp === undefined) this.#warn('CloudWatch takes times from 14 days ago to 2 hours hence', 'timestamp')
    else this.#timestamp = timestamp
  }

  /** Writes what there is, and is empty. */
  write(): void {
    const { writer, shapes } = this.#plan
    const metrics = this.#metrics
    const values = this.#values
    if (!metrics) return
    this.#metrics = undefined
    this.#values = none
    const dimensions = this.#allDimensions()
    const metadata = this.#allMetadata()
    writer.write({
      shape: shapes.of(dimensions),
      dimensions,
      metrics,
      values,
      metadata:
        metadata && fitting(metadata, (key, why) => this.#warn(`the metadata \`${key}\` is left out: ${why}`, key)),
      timestamp: this.#time() ?? Date.now(),
    })
  }
  #allDimensions(): Dimensions {
    if (!this.#parent) return this.#dimensions ?? none
    const all = [...this.#parent.#allDimensions()]
    this.#dimensions?.forEach((value, index) => {
      if (value !== undefined) all[index] = value
    })
    return all
  }
  #allMetadata(): ReadonlyMap<string, string> | undefined {
    if (!this.#parent) return this.#metadata
    const above = this.#parent.#allMetadata()
    return above && this.#metadata ? new Map([...above, ...this.#metadata]) : (above ?? this.#metadata)
  }
  #time(): number | undefined {
    if (this.#timestamp !== undefined || !this.#parent) return this.#timestamp
    return this.#parent.#time()
  }

  #unknown(what: string, name: unknown, known: readonly string[]) {
    const named = typeof name === 'string' ? `\`${name}\`${didYouMean(name, known)}` : typeof name
    this.#warn(`there is no ${what} ${named}`, `${what} ${named}`)
  }
  #warn(text: string, what: string, error?: unknown) {
    this.recording.warn(what, text, error)
  }
}

const none: never[] = []

/** Without asking it for anything. */
const shown = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 100) : `a ${typeof value}`

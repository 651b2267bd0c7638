import type { Invocation } from '@fnware/core'
import { didYouMean, type PerRecord, perRecord, type Reports, reportsOf, withoutHidden } from '@fnware/core/extend'
import type { Metrics } from './ctx-metrics.ts'
import type { Definition } from './definition.ts'
import { dimensionValue } from './dimension-value.ts'
import type { Added } from './merged.ts'
import { metadataJson } from './metadata.ts'
import { type Plan, Recording } from './recording.ts'
import { timestampOf } from './timestamp.ts'

/** CloudWatch's, either way. */
const largest = 2 ** 360

/** What an invocation adds with the same dimensions. Most of it is made when it is needed: many invocations add nothing. */
class InvocationMetrics implements Metrics<string, string>, PerRecord {
  readonly #plan: Plan
  readonly #ctx: Invocation
  /** Taken while the invocation is there to be asked. */
  readonly #reports: Reports
  #recording: Recording | undefined
  /** Whose dimensions and metadata these have as well. */
  readonly #parent: InvocationMetrics | undefined
  #metrics: Definition[] | undefined = undefined
  #values: (number | number[] | undefined)[] = none
  #dimensions: (string | undefined)[] | undefined = undefined
  #metadata: Map<string, string> | undefined = undefined
  #timestamp: number | undefined = undefined

  constructor(plan: Plan, ctx: Invocation, parent?: InvocationMetrics) {
    this.#plan = plan
    this.#ctx = ctx
    this.#reports = parent ? parent.#reports : reportsOf(ctx)
    this.#parent = parent
    this.#recording = parent?.recording
  }

  get recording(): Recording {
    this.#recording ??= new Recording(this.#plan, this.#ctx, this.#reports)
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
    else this.#warn(`metric ${name}`, `\`${name}\` is left out: ${shown(value)} is no number that CloudWatch takes`)
    return undefined
  }

  dimensions(values: Readonly<Record<string, unknown>>): void {
    try {
      for (const name of Object.keys(values)) {
        const index = this.#plan.dimensions.indexOf(name)
        if (index < 0) this.#unknown('dimension', name, this.#plan.dimensions)
        else this.#set(index, name, values)
      }
    } catch (error) {
      this.#warn('dimensions', 'dimensions that cannot be read are left out', error)
    }
  }
  #set(index: number, name: string, values: Readonly<Record<string, unknown>>) {
    const what = `the dimension \`${name}\``
    try {
      const given = values[name]
      if (given === undefined) return
      const value = dimensionValue(given)
      if (value === undefined) this.#warn(what, `${what} is left out: it takes text, and not an empty one`)
      else {
        if (value !== given)
          this.#warn(what, `${what} is written changed: CloudWatch takes printable ASCII, and no secret is shown`)
        this.#dimensions ??= []
        this.#dimensions[index] = value
      }
    } catch (error) {
      this.#warn(what, `${what} is left out`, error)
    }
  }

  with(values: Readonly<Record<string, unknown>>): InvocationMetrics {
    const metrics = new InvocationMetrics(this.#plan, this.#ctx, this)
    metrics.dimensions(values)
    return metrics
  }
  /** What a record says of itself is not the whole batch's. */
  [perRecord](): InvocationMetrics {
    return this.with({})
  }

  metadata(key: string, value: unknown): void {
    const what = `the metadata \`${shown(key)}\``
    try {
      if (typeof key !== 'string' || this.#plan.taken.has(key)) {
        this.#warn(what, `${what} is left out: a metric, a dimension or EMF itself has that name`)
        return
      }
      const json = metadataJson(value)
      if (json === undefined) return
      this.#metadata ??= new Map()
      this.#metadata.set(withoutHidden(key), json)
    } catch (error) {
      this.#warn(what, `${what} is left out`, error)
    }
  }

  timestamp(at: Date | number): void {
    const timestamp = timestampOf(at)
    if (timestamp === undefined) this.#warn('timestamp', 'CloudWatch takes times from 14 days ago to 2 hours hence')
    else this.#timestamp = timestamp
  }

  take(): Added {
    const metrics = this.#metrics ?? []
    const values = this.#values
    this.#metrics = undefined
    this.#values = none
    return {
      dimensions: this.#allDimensions(),
      metadata: this.#allMetadata(),
      timestamp: this.#time(),
      metrics,
      values,
    }
  }
  #allDimensions(): readonly (string | undefined)[] {
    const own = this.#dimensions ?? none
    if (!this.#parent) return own
    const all = [...this.#parent.#allDimensions()]
    own.forEach((value, index) => {
      all[index] = value
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
    const named = typeof name === 'string' ? `\`${name}\`${didYouMean(name, known)}` : `of type ${typeof name}`
    this.#warn(`${what} ${named}`, `there is no ${what} ${named}`)
  }
  #warn(what: string, text: string, error?: unknown) {
    this.recording.warn(what, text, error)
  }
}

export const invocationMetrics = (plan: Plan, ctx: Invocation): Metrics<string, string> =>
  new InvocationMetrics(plan, ctx)

const none: never[] = []

/** Without asking it for anything. */
const shown = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 100) : `one of type ${typeof value}`

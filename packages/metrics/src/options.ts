import { checkOptions } from '@fnware/core/extend'
import type { MetricDefinition } from './definition.ts'
import { isPowertools } from './powertools.ts'
import type { MetricUnit } from './units.ts'

export interface MetricsOptions<Name extends string, Dimension extends string = never>
  extends CommonOptions<Name, Dimension> {
  /** Where CloudWatch puts them: `POWERTOOLS_METRICS_NAMESPACE` by default. */
  readonly namespace?: string
  /** The dimension `service` of every metric; `POWERTOOLS_SERVICE_NAME` by default. */
  readonly service?: string
  /** More dimensions of every metric. */
  readonly defaultDimensions?: Readonly<Record<string, string>>
}

/** Those beside a Metrics of Powertools, which says itself where its metrics go, and with what dimensions. */
export interface CommonOptions<Name extends string, Dimension extends string = never> {
  /** Every metric by its name: its unit, or `{ unit, resolution: 'high' }`. */
  readonly metrics: Readonly<Record<Name, MetricUnit | MetricDefinition>>
  /** The names of dimensions that invocations may set: 30 at most, with `service` and those of all. */
  readonly dimensions?: readonly Dimension[]
  /** Whether the environment's cold start counts as `ColdStart`, with the dimension `function_name`; false by default. */
  readonly coldStart?: boolean
  /**
   * Whether each invocation tells how it ended; false by default. `Errors` (the function's own, timeouts among them),
   * `Timeouts` and `Refused` (what the client did wrong) are 0 or 1, so that their average is a rate; `Duration` is in
   * milliseconds; a batch has `Records` and `FailedRecords`. Of HTTP routes there is a total, and one by the dimension `route`.
   */
  readonly outcome?: boolean
  /**
   * Whether it is told what resources have been through, by the dimension `resource`: what they count under `health`, such
   * as a pool's connections, and how often what they keep fresh was `fetched`, `renewed`, `failed` or `stale`. What has
   * changed is written, once. False by default.
   */
  readonly health?: boolean
}

export type AnyOptions = MetricsOptions<string, string>

/** @throws TypeError */
export const checked = (options: AnyOptions, besides: boolean): AnyOptions => {
  if (isPowertools((options as { metrics?: unknown } | undefined)?.metrics))
    throw new TypeError('metrics(): a Metrics of Powertools goes before the options: metrics(mine, { … })')
  checkOptions('metrics()', options, {
    metrics: 'object',
    dimensions: 'array',
    coldStart: 'boolean',
    outcome: 'boolean',
    health: 'boolean',
    ...(!besides && { namespace: 'string', service: 'string', defaultDimensions: 'object' }),
  })
  if (options.metrics === undefined)
    throw new TypeError("metrics(): `metrics` names every metric and its unit: { ordersPlaced: 'Count' }")
  return options
}

import type { Invocation, Middleware } from '@fnware/core'
import { coldStartOf, reportsOf } from '@fnware/core/extend'
import type { Metrics } from './ctx-metrics.ts'
import { environment } from './environment.ts'
import { healths } from './health.ts'
import { invocationMetrics } from './invocation-metrics.ts'
import { type AnyOptions, type CommonOptions, checked, type MetricsOptions } from './options.ts'
import { outcomes } from './outcome.ts'
import { planOf } from './plan.ts'
import { isPowertools, type PowertoolsMetrics } from './powertools.ts'
import { silent } from './silent.ts'

type Adding<Name extends string, Dimension extends string> = Middleware<
  {},
  { readonly metrics: Metrics<Name, Dimension> }
>

/**
 * Metrics of each invocation, in CloudWatch's embedded metric format: `ctx.metrics`. Each is declared once, with its unit.
 * They are written when the invocation ends, also where it fails, hangs, or streams.
 *
 * @throws TypeError on an unknown option or unit, on names that CloudWatch does not take, and on more than 30 dimensions
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metrics<Name extends string, Dimension extends string = never>(
  options: MetricsOptions<Name, Dimension>,
): Adding<Name, Dimension>
/**
 * The same, written by a Metrics of Powertools that is there already, with its namespace, service and default dimensions.
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/
 */
export function metrics<Name extends string, Dimension extends string = never>(
  mine: PowertoolsMetrics,
  options: CommonOptions<Name, Dimension>,
): Adding<Name, Dimension>
export function metrics(first: PowertoolsMetrics | AnyOptions, second?: AnyOptions): Adding<string, string> {
  const mine = isPowertools(first) ? first : undefined
  const options = checked((mine ? (second ?? {}) : first) as AnyOptions, mine !== undefined)
  const env = environment()
  const warnings = [...env.warnings]
  const plan = planOf(options, mine, env, (text) => warnings.push(text))
  const tellOutcome = options.outcome ? outcomes(plan.writer) : undefined
  const tellHealth = options.health ? healths(plan.writer) : undefined

  /** Once for an environment. */
  const begin = (ctx: Invocation) => {
    for (const text of warnings) reportsOf(ctx).say('warn', `metrics(): ${text}`)
    // Asked in any case: it is the first that asks.
    if (coldStartOf(ctx) && options.coldStart && !env.disabled)
      plan.writer.coldStart(env.functionName ?? ctx.context?.functionName)
  }
  let isFirst = true

  return (ctx, next) => {
    if (isFirst) {
      isFirst = false
      begin(ctx)
    }
    if (env.disabled) return next({ metrics: silent })
    if (tellOutcome || tellHealth) {
      const started = process.hrtime()
      ctx.defer((ending) => {
        tellOutcome?.(ending, started)
        // It may throw: a resource's health is its author's.
        tellHealth?.(ctx)
      })
    }
    return next({ metrics: invocationMetrics(plan, ctx) })
  }
}

import { definitionsOf } from './definition.ts'
import { dimensionValue } from './dimension-value.ts'
import { Emf } from './emf.ts'
import type { Environment } from './environment.ts'
import { LastMoment } from './last-moment.ts'
import { checkName, wrongNamespace } from './names.ts'
import type { AnyOptions } from './options.ts'
import { outcomeNames } from './outcome.ts'
import { Powertools, type PowertoolsMetrics } from './powertools.ts'
import type { Plan } from './recording.ts'
import { Shapes } from './shapes.ts'

/** CloudWatch's, with `service`. */
const mostDimensions = 30

/** @throws TypeError on what CloudWatch would not take */
export const planOf = (
  { namespace, service, metrics, dimensions = [], defaultDimensions = {}, coldStart, outcome }: AnyOptions,
  mine: PowertoolsMetrics | undefined,
  environment: Environment,
  warn: (text: string) => void,
): Plan => {
  const wrong = namespace === undefined ? undefined : wrongNamespace(namespace)
  if (wrong) throw new TypeError(`metrics(): ${wrong}`)
  const defaults = {
    service: service ?? dimensionValue(environment.service) ?? 'service_undefined',
    ...defaultDimensions,
  }
  for (const [name, value] of Object.entries(defaults))
    if (dimensionValue(value) !== value)
      throw new TypeError(
        `metrics(): ${name === 'service' ? '`service`' : `the dimension \`${checkName('dimension', name)}\``} must have 1 to 1024 printable ASCII characters`,
      )
  const settable = [...new Set(dimensions)]
  const names = [...new Set([...Object.keys(defaults), ...settable])].map((name) => checkName('dimension', name))
  if (names.length > mostDimensions)
    throw new TypeError(
      `metrics(): CloudWatch takes ${mostDimensions} dimensions, and these are ${names.length} with \`service\`: leave some out`,
    )
  const definitions = definitionsOf(metrics)
  const ours = [...(coldStart ? ['ColdStart'] : []), ...(outcome ? outcomeNames : [])]
  for (const name of definitions.keys()) {
    if (names.includes(name)) throw new TypeError(`metrics(): \`${name}\` is both a metric and a dimension: rename one`)
    if (ours.includes(name))
      throw new TypeError(`metrics(): \`${name}\` is written by ${writtenBy(name)} already: rename yours`)
  }
  const clashing = ours.find((name) => names.includes(name))
  if (clashing)
    throw new TypeError(
      `metrics(): \`${clashing}\` is written by ${writtenBy(clashing)}, and is a dimension: rename that`,
    )
  if (!mine && !namespace && !environment.namespace && !environment.disabled)
    warn(`there is no \`namespace\`, and no POWERTOOLS_METRICS_NAMESPACE: they go to \`${fallback}\``)
  const writer = mine ? new Powertools(mine) : new Emf(namespace ?? environment.namespace ?? fallback, defaults)
  return {
    metrics: definitions,
    dimensions: settable,
    taken: new Set([...names, ...definitions.keys(), '_aws', '__proto__']),
    writer,
    lastMoment: new LastMoment(),
    shapes: new Shapes(writer, settable),
  }
}

const writtenBy = (name: string) => (name === 'ColdStart' ? '`coldStart`' : '`outcome`')

/** As Powertools has it. */
const fallback = 'default_namespace'

import { parseW3C, type Trace } from '../trace.ts'
import { traceparentsOf } from './carrier.ts'

/** Which of those that began elsewhere are joined by the X-Ray header that Lambda hands to every invocation. */
export type Joins = 'sampled' | 'always' | 'never'

/** A trace that OpenTelemetry joins, or begins. */
export interface Incoming extends Trace {
  /** Whether whoever it comes from samples it, which a sampler that is registered makes up its own mind about. */
  readonly theirs?: boolean | undefined
}

/** What the environment says of sampling, before anything of OpenTelemetry is loaded. */
export interface Sampling {
  /** The trace of an invocation, or what it hands on where it is not sampled. */
  decide(event: unknown, found: Trace | undefined): Incoming | undefined
  /** The trace of an invocation that somebody else is to decide on. */
  propose(event: unknown, found: Trace | undefined): Incoming
  /** Whether a span is sampled, by the 32 digits of its trace and by its parent, if it has one. */
  isSampled(id: string, parent: boolean | undefined): boolean
  /** What is wrong with the environment. As with the SDK it stops nothing. */
  readonly warning?: string | undefined
}

/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration */
export const samplingOf = (joins: Joins, env: NodeJS.ProcessEnv = process.env): Sampling => {
  const disabled = env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true'
  const { parentBased, takes, warning } = samplerOf(env)
  const isSampled = (id: string, parent: boolean | undefined) =>
    parentBased && parent !== undefined ? parent : takes(id)
  const propose = (event: unknown, found: Trace | undefined): Incoming => {
    const parent = parentOf(event) ?? joined(found, joins)
    return parent ? { ...parent, theirs: parent.sampled, sampled: true } : { root: newRoot(), sampled: true }
  }
  return {
    propose,
    decide(event, found) {
      if (disabled) return undefined
      const trace = propose(event, found)
      return isSampled(idOf(trace.root), trace.theirs) ? trace : { ...trace, sampled: false }
    },
    isSampled,
    warning,
  }
}

/** The trace that a request, or all messages of a batch, belong to. */
const parentOf = (event: unknown): Trace | undefined => {
  let common: Trace | undefined
  for (const [parent, state] of traceparentsOf(event)) {
    const trace = parseW3C(parent, state)
    if (!trace) continue
    if (common && common.root !== trace.root) return undefined
    common ??= trace
  }
  return common
}

const joined = (found: Trace | undefined, joins: Joins) =>
  found?.parent !== undefined && (joins === 'always' || (joins === 'sampled' && found.sampled)) ? found : undefined

interface Sampler {
  readonly parentBased: boolean
  readonly takes: (id: string) => boolean
  readonly warning?: string
}

const samplerOf = (env: NodeJS.ProcessEnv): Sampler => {
  const name = env.OTEL_TRACES_SAMPLER?.trim() || 'parentbased_always_on'
  const parentBased = name.startsWith('parentbased_')
  switch (parentBased ? name.slice('parentbased_'.length) : name) {
    case 'always_on':
      return { parentBased, takes: () => true }
    case 'always_off':
      return { parentBased, takes: () => false }
    case 'traceidratio': {
      const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG?.trim() || 1)
      if (ratio >= 0 && ratio <= 1) return { parentBased, takes: (id) => share(id) < ratio }
      const warning = `opentelemetry(): \`OTEL_TRACES_SAMPLER_ARG\` is \`${env.OTEL_TRACES_SAMPLER_ARG}\` and not a number from 0 to 1: all is sampled`
      return { parentBased, takes: () => true, warning }
    }
    default: {
      const warning = `opentelemetry(): \`OTEL_TRACES_SAMPLER\` is \`${name}\`, which is none of always_on, always_off and traceidratio, with or without parentbased_ before it: taken as parentbased_always_on`
      return { parentBased: true, takes: () => true, warning }
    }
  }
}

/** W3C's form of X-Ray's. */
export const idOf = (root: string): string => root.slice(2, 10) + root.slice(11)
/** X-Ray's form of W3C's. */
export const rootOf = (id: string): string => `1-${id.slice(0, 8)}-${id.slice(8)}`

/** Where an id lies between 0 and 1, as the SDK reckons it: all services that see a trace come to the same decision. */
const share = (id: string): number => {
  let folded = 0
  for (let i = 0; i < 32; i += 8) folded ^= Number.parseInt(id.slice(i, i + 8), 16)
  return (folded >>> 0) / 2 ** 32
}

const newRoot = () => `1-${Math.floor(Date.now() / 1000).toString(16)}-${hex()}${hex()}${hex()}`
const hex = () =>
  Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')

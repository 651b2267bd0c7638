import type { Context } from '@fnware/core'
import { sampledTraceOf, unsampledTraceOf } from '../incoming.ts'
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
  decide(event: unknown, context: Context): Incoming | undefined
  /** The trace of an invocation that somebody else is to decide on. */
  propose(event: unknown, context: Context): Incoming
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
    parentBased && parent !== undefined ? parent : takes(placeOf(id))
  const parentOf = (event: unknown, context: Context) => w3cParentOf(event) ?? xrayParentOf(event, context, joins)
  return {
    propose(event, context) {
      const parent = parentOf(event, context)
      return parent ? joining(parent) : { root: newRoot(random()), sampled: true }
    },
    decide(event, context) {
      if (disabled) return undefined
      if (parentBased && isLeftOut(event)) return new HandedOn(event)
      const parent = parentOf(event, context)
      if (parent) return isSampled(idOf(parent.root), parent.sampled) ? joining(parent) : { ...parent, sampled: false }
      const at = random()
      return takes(at) ? { root: newRoot(at), sampled: true } : undefined
    },
    isSampled,
    warning,
  }
}

const joining = (parent: Trace): Incoming => ({ ...parent, theirs: parent.sampled, sampled: true })

/** The trace that a request, or all messages of a batch, belong to. */
const w3cParentOf = (event: unknown): Trace | undefined => {
  let common: Trace | undefined
  for (const [parent, state] of traceparentsOf(event)) {
    const trace = parseW3C(parent, state)
    if (!trace) continue
    if (common && common.root !== trace.root) return undefined
    common ??= trace
  }
  return common
}

const xrayParentOf = (event: unknown, context: Context, joins: Joins): Trace | undefined => {
  if (joins === 'never') return undefined
  const trace = sampledTraceOf(event, context) ?? (joins === 'always' ? unsampledTraceOf(event, context) : undefined)
  return trace?.parent === undefined ? undefined : trace
}

const leftOut = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f][02468ace]$/

/** Whether a request is of a trace that its client does not sample: told without taking it apart. */
const isLeftOut = (event: unknown): boolean => {
  const header = (event as { headers?: { traceparent?: unknown } | null } | null | undefined)?.headers?.traceparent
  return typeof header === 'string' && header.length === 55 && leftOut.test(header)
}

/** The trace of a request that is not sampled: looked at by who hands it on, if anybody does. */
class HandedOn implements Trace {
  readonly sampled = false
  readonly #event: unknown
  constructor(event: unknown) {
    this.#event = event
  }
  get root(): string {
    return w3cParentOf(this.#event)?.root ?? ''
  }
  get parent(): string | undefined {
    return w3cParentOf(this.#event)?.parent
  }
  get state(): string | undefined {
    return w3cParentOf(this.#event)?.state
  }
}

interface Sampler {
  readonly parentBased: boolean
  /** @param at where a trace lies among all, from 0 to 2³² */
  readonly takes: (at: number) => boolean
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
      if (ratio >= 0 && ratio <= 1) return { parentBased, takes: (at) => at < ratio * 2 ** 32 }
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

/** Where a trace lies among all, as the SDK reckons it: all services that see it come to the same decision. */
const placeOf = (id: string): number => {
  let folded = 0
  for (let i = 0; i < 32; i += 8) folded ^= Number.parseInt(id.slice(i, i + 8), 16)
  return folded >>> 0
}

const random = () => Math.floor(Math.random() * 2 ** 32)

/** A trace that lies there. Whether it is sampled is known before it is made. */
const newRoot = (at: number): string => {
  const time = Math.floor(Date.now() / 1000)
  const [left, right] = [random(), random()]
  return `1-${hex(time)}-${hex(left)}${hex(right)}${hex((at ^ time ^ left ^ right) >>> 0)}`
}
const hex = (value: number) => value.toString(16).padStart(8, '0')

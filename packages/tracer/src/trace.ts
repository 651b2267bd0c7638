/** A trace that a header tells of. */
export interface Trace {
  /** X-Ray's form, `1-5759e988-bd862e3fe1be46a994272793`. Without hyphens and version it is that of W3C. */
  readonly root: string
  /** 16 hexadecimal digits: the span that this continues. */
  readonly parent?: string | undefined
  readonly sampled: boolean
  /** Whether it is from Lambda's own header: then Lambda writes a segment for the function, which `parent` names. */
  readonly lambdas?: boolean
  /** Lambda's detection of loops: to be handed on as it is. */
  readonly lineage?: string | undefined
  /** `tracestate` of W3C: to be handed on as it is. */
  readonly state?: string | undefined
}

const xray =
  /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;Parent=([0-9a-f]{16}))?(?:;Sampled=([01?]))?(?:;Lineage=([0-9a-z:|]+))?$/
const w3c = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{8})([0-9a-f]{24})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/** Longer than any that Lambda writes. */
const longest = 512

/**
 * What an X-Ray header tells, or undefined of one that is malformed: it may be a client's.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const parseXRay = (header: unknown): Trace | undefined => {
  const [, root, parent, sampled, lineage] = matched(xray, header) ?? []
  return root === undefined ? undefined : { root, parent, sampled: sampled === '1', lineage }
}

/**
 * What `traceparent` tells.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const parseW3C = (header: unknown, state?: unknown): Trace | undefined => {
  const [, time, rest, parent, flags] = matched(w3c, header) ?? []
  if (flags === undefined) return undefined
  return {
    root: `1-${time}-${rest}`,
    parent,
    sampled: (Number.parseInt(flags, 16) & 1) === 1,
    state: typeof state === 'string' && state.length <= longest ? state : undefined,
  }
}

const matched = (grammar: RegExp, header: unknown) =>
  typeof header === 'string' && header.length <= longest ? grammar.exec(header) : null

/** The header that continues a trace below a span. */
export const xrayHeader = ({ root, sampled, lineage }: Trace, parent: string | undefined): string =>
  `Root=${root}${parent ? `;Parent=${parent}` : ''};Sampled=${sampled ? 1 : 0}${lineage ? `;Lineage=${lineage}` : ''}`

/** The same in W3C's form. */
export const w3cTrace = ({ root, sampled, state }: Trace, parent: string | undefined): Record<string, string> =>
  parent
    ? {
        traceparent: `00-${root.slice(2, 10)}${root.slice(11)}-${parent}-0${sampled ? 1 : 0}`,
        ...(state && { tracestate: state }),
      }
    : {}

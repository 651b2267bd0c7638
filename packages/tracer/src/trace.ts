/** A trace that a header tells of. */
export interface Trace {
  /** X-Ray's form, `1-5759e988-bd862e3fe1be46a994272793`. Without hyphens and version it is that of W3C. */
  readonly root: string
  /** 16 hexadecimal digits: the span that this continues. */
  readonly parent?: string | undefined
  /** Undefined where nobody has decided. */
  readonly sampled: boolean | undefined
  /** Whether it is from Lambda's own header: then Lambda writes a segment for the function, which `parent` names. */
  readonly lambdas?: boolean
  /** Lambda's detection of loops: to be handed on as it is. */
  readonly lineage?: string | undefined
  /** `tracestate` of W3C: to be handed on as it is. */
  readonly state?: string | undefined
}

/** Of the fields that are read; there may be others, such as a load balancer's `Self` or a client's own. */
const grammar: Readonly<Record<string, RegExp>> = {
  Root: /^1-[0-9a-f]{8}-[0-9a-f]{24}$/,
  Parent: /^[0-9a-f]{16}$/,
  Sampled: /^[01?]$/,
  Lineage: /^[0-9a-z:|]{1,200}$/,
}
const other = /^[\w-]+=[\x21-\x3a\x3c-\x7e]*$/

/** Longer than any that Lambda writes. */
const longest = 512

/**
 * What an X-Ray header tells, or undefined of one that is malformed: it may be a client's.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const parseXRay = (header: unknown): Trace | undefined => {
  if (typeof header !== 'string' || header.length > longest) return undefined
  const fields = new Map<string, string>()
  for (const part of header.split(';')) {
    const field = part.trim()
    if (field === '') continue
    const at = field.indexOf('=')
    const name = field.slice(0, at)
    const value = field.slice(at + 1)
    const known = Object.hasOwn(grammar, name) ? grammar[name] : undefined
    if (known ? !known.test(value) || fields.has(name) : !other.test(field)) return undefined
    fields.set(name, value)
  }
  const root = fields.get('Root')
  const sampled = fields.get('Sampled')
  if (root === undefined) return undefined
  return {
    root,
    parent: fields.get('Parent'),
    sampled: sampled === '1' || (sampled === '0' ? false : undefined),
    lineage: fields.get('Lineage'),
  }
}

const w3c = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{8})([0-9a-f]{24})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/**
 * What `traceparent` and `tracestate` tell.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const parseW3C = (header: unknown, state?: unknown): Trace | undefined => {
  const [, time, rest, parent, flags] = (typeof header === 'string' && w3c.exec(header)) || []
  if (flags === undefined) return undefined
  return {
    root: `1-${time}-${rest}`,
    parent,
    sampled: (Number.parseInt(flags, 16) & 1) === 1,
    state: typeof state === 'string' && state.length <= longest && /^[\x20-\x7e]*$/.test(state) ? state : undefined,
  }
}

/** The header that continues a trace below a span. */
export const xrayHeader = ({ root, sampled, lineage }: Trace, parent: string | undefined): string => {
  const decided = sampled === undefined ? '' : `;Sampled=${sampled ? 1 : 0}`
  return `Root=${root}${parent ? `;Parent=${parent}` : ''}${decided}${lineage ? `;Lineage=${lineage}` : ''}`
}

/** The same in W3C's form, which names a span. */
export const w3cHeaders = ({ root, sampled, state }: Trace, parent: string): Record<string, string> => ({
  traceparent: `00-${root.slice(2, 10)}${root.slice(11)}-${parent}-0${sampled ? 1 : 0}`,
  ...(state && { tracestate: state }),
})

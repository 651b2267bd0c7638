import type { TraceEvent, TraceSpan } from '../events.ts'
import type { Told } from './told.ts'

/** An invocation that is traced. */
export interface Traced {
  readonly function: string
  readonly environment: string
  readonly requestId: string
  readonly trace: string
  /** The id of the span that what the function tells of is a part of. */
  readonly invocation: string
  /** Whether its environment runs others at the same time. */
  readonly many: boolean
}

interface Kept extends Traced {
  /** What is to be told next, by id. */
  spans: Map<string, TraceSpan>
  /** The ids of all that was told or will be. */
  readonly ids: Set<string>
  ended: boolean
  timer: NodeJS.Timeout | undefined
}

/** ms that spans may come after the account of their invocation, to be told with it: fewer where the outermost is there. */
const settling = 50
const settled = 5
/** How many invocations are remembered for what comes later still, and how many spans wait for their parents. */
const remembered = 500
const waiting = 10_000

/** Brings together what functions tell of their invocations. */
export class Traces {
  readonly #emit: (event: TraceEvent) => void
  /** By request id, in the order of their beginning. */
  readonly #kept = new Map<string, Kept>()
  /** Whose a span is, by its id. */
  readonly #owners = new Map<string, Kept>()
  /** Of which it is not known yet. */
  #orphans: { readonly span: Told; readonly environment: string | undefined }[] = []

  constructor(emit: (event: TraceEvent) => void) {
    this.#emit = emit
  }

  begin(traced: Traced): void {
    // An event that is tried again keeps its request id.
    const before = this.#kept.get(traced.requestId)
    if (before) {
      clearTimeout(before.timer)
      this.#tell(before)
      this.#forget(before)
    }
    const kept: Kept = { ...traced, spans: new Map(), ids: new Set(), ended: false, timer: undefined }
    this.#kept.set(traced.requestId, kept)
    this.#own(traced.invocation, kept)
    for (const old of this.#kept.values()) {
      if (this.#kept.size <= remembered) break
      if (old.ended && old.timer === undefined) this.#forget(old)
    }
  }

  /** @param environment who told, where that is known */
  take(spans: readonly Told[], environment?: string): void {
    this.#orphans.push(...spans.map((span) => ({ span, environment })))
    let left: number
    do {
      left = this.#orphans.length
      // A span that has found its invocation leads its children there.
      this.#orphans = this.#orphans.filter(({ span, environment }) => !this.#give(span, environment))
    } while (this.#orphans.length < left)
    this.#orphans.splice(0, this.#orphans.length - waiting)
  }

  /** It is over; Lambda's own spans are told with those of the function. */
  end(requestId: string, spans: readonly TraceSpan[]): void {
    const kept = this.#kept.get(requestId)
    if (!kept) return
    kept.ended = true
    const whole = [...kept.spans.values()].some(({ parent, end }) => parent === kept.invocation && end !== undefined)
    for (const span of spans) this.#add(kept, span)
    this.#soon(kept, whole ? settled : settling)
  }

  /** Tells what there is of what is over. */
  close(): void {
    for (const kept of this.#kept.values()) {
      clearTimeout(kept.timer)
      if (kept.ended) this.#tell(kept)
    }
    this.#kept.clear()
  }

  #give(span: Told, environment: string | undefined): boolean {
    const kept = this.#ownerOf(span, environment)
    if (!kept) return false
    const { trace: _trace, requestId: _requestId, ...told } = span
    this.#add(kept, told)
    if (kept.ended) this.#soon(kept)
    return true
  }

  #ownerOf({ parent, requestId, trace }: Told, environment: string | undefined): Kept | undefined {
    const known = (parent && this.#owners.get(parent)) || (requestId && this.#kept.get(requestId))
    if (known) return known
    const there = [...this.#kept.values()].filter(
      (each) => environment === undefined || each.environment === environment,
    )
    const same = there.filter((each) => each.trace === trace)
    if (same.length) return same.length === 1 ? same[0] : undefined
    // A trace of the function's own: of the invocation that it is at.
    const last = environment === undefined ? undefined : there.at(-1)
    return last?.many ? undefined : last
  }

  #add(kept: Kept, span: TraceSpan): void {
    // What was in progress is complete now.
    kept.spans.delete(span.id)
    kept.spans.set(span.id, span)
    this.#own(span.id, kept)
  }

  #own(id: string, kept: Kept): void {
    this.#owners.set(id, kept)
    kept.ids.add(id)
  }

  #forget(kept: Kept): void {
    this.#kept.delete(kept.requestId)
    for (const id of kept.ids) this.#owners.delete(id)
  }

  #soon(kept: Kept, wait = settling): void {
    kept.timer ??= setTimeout(() => {
      kept.timer = undefined
      this.#tell(kept)
    }, wait)
  }

  #tell(kept: Kept): void {
    if (kept.spans.size === 0) return
    const { function: name, environment, requestId, trace } = kept
    const spans = inOrder(kept.spans)
    kept.spans = new Map()
    this.#emit({ type: 'trace', time: Date.now(), function: name, environment, requestId, traceId: trace, spans })
  }
}

/** Parents before their children, which stand in the order of their beginnings. There may be very many, and very deep. */
function inOrder(spans: ReadonlyMap<string, TraceSpan>): readonly TraceSpan[] {
  const children = Map.groupBy(spans.values(), ({ parent }) =>
    parent !== undefined && spans.has(parent) ? parent : undefined,
  )
  const ordered = new Set<TraceSpan>()
  // The next one last.
  const next: TraceSpan[] = []
  const under = (parent: string | undefined) => {
    const here = (children.get(parent) ?? []).sort((a, b) => a.start - b.start)
    for (const span of here.reverse()) next.push(span)
  }
  under(undefined)
  for (let span = next.pop(); span; span = next.pop()) {
    ordered.add(span)
    under(span.id)
  }
  // Those who claim to be their own ancestors.
  for (const span of spans.values()) ordered.add(span)
  return [...ordered]
}

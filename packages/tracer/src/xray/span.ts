import { isError } from '@fnware/core/ports'
import type { Details, Failure, Open, Root, SpanStart } from '../engine.ts'
import { jsonOf } from '../json.ts'
import { withoutSecrets } from '../secrets.ts'
import { xrayHeader } from '../trace.ts'
import { exceptionsOf } from './exceptions.ts'
import { asText, isAnnotation, nameOf, shortened } from './names.ts'
import type { Segment } from './segment.ts'
import type { Tree } from './tree.ts'

const isDeadlines = (error: unknown) => {
  try {
    return isError(error, 'DeadlineError')
  } catch {
    return false
  }
}

/** X-Ray indexes no more. */
const mostAnnotations = 50

/** A span of an invocation, open or not. */
export class XRaySpan implements Open {
  readonly tree: Tree
  readonly segment: Segment

  constructor(tree: Tree, parent: XRaySpan | undefined, { name, kind, details = {} }: SpanStart) {
    this.tree = tree
    this.segment = {
      id: tree.newId(),
      name: nameOf(name),
      namespace: kind === 'own' ? undefined : kind,
      parent: parent?.segment,
      begun: tree.clock.now(),
      ended: undefined,
      details: {},
      annotations: undefined,
      metadata: undefined,
      as: undefined,
      cause: undefined,
      below: [],
      sent: false,
      told: false,
    }
    tree.opened(this)
    this.details(details)
  }

  get id(): string {
    return this.segment.id
  }
  child(start: SpanStart): XRaySpan {
    return new XRaySpan(this.tree, this, start)
  }
  run<T>(fn: () => T): T {
    return this.tree.innermost.run(this, fn)
  }
  annotate(key: string, value: string | number | boolean): void {
    if (this.segment.ended !== undefined) return
    const { annotations = new Map() } = this.segment
    const isTaken = annotations.size < mostAnnotations || annotations.has(key)
    if (isTaken && isAnnotation(key, value))
      this.segment.annotations = annotations.set(key, typeof value === 'string' ? withoutSecrets(value) : value)
    else this.metadata(key, value)
  }
  metadata(key: string, value: unknown, namespace: string = this.tree.namespace): void {
    if (this.segment.ended !== undefined) return
    const metadata = (this.segment.metadata ??= new Map())
    // Those that begin so are AWS's.
    const name = shortened(
      asText(namespace)
        .toWellFormed()
        .replace(/^AWS\./i, '_$&'),
    )
    const entries = metadata.get(name) ?? new Map<string, string>()
    metadata.set(name, entries.set(shortened(withoutSecrets(asText(key)).toWellFormed()), jsonOf(value)))
  }
  details(more: Details): void {
    const { segment } = this
    if (segment.ended !== undefined) return
    for (const part of ['http', 'aws', 'sql'] as const)
      if (more[part])
        segment.details = { ...segment.details, [part]: { ...segment.details[part], ...texts(more[part]) } }
  }
  headers(): Record<string, string> {
    return { 'x-amzn-trace-id': xrayHeader(this.tree.trace, this.id) }
  }
  end(failure?: Failure): void {
    const { segment, tree } = this
    if (segment.ended !== undefined) return
    segment.ended = Math.max(tree.clock.now(), segment.begun)
    if (failure) this.#failed(failure)
    tree.ended(this)
  }
  #failed(failure: Failure) {
    const { segment, tree } = this
    segment.as = failure.as
    if (!('error' in failure)) return
    const { error } = failure
    const known = typeof error === 'object' && error !== null
    // Those between where it was thrown and the invocation's own refer to it.
    const told = known && segment.parent ? tree.told?.get(error) : undefined
    segment.cause = told ?? exceptionsOf(error, () => tree.newId())
    if (known && typeof segment.cause === 'object' && segment.cause[0])
      (tree.told ??= new Map()).set(error, segment.cause[0].id)
  }
}

/** The span of an invocation. */
export class XRayRoot extends XRaySpan implements Root {
  readonly #ended: () => void

  /** @param ended called once, when it has */
  constructor(tree: Tree, start: SpanStart, ended: () => void) {
    super(tree, undefined, start)
    this.#ended = ended
  }
  get traceId(): string {
    return this.tree.trace.root
  }
  active(): Open {
    const innermost = this.tree.innermost.getStore()
    return innermost?.tree === this.tree ? innermost : this
  }
  override end(failure?: Failure): void {
    // What is open when the time is up is what has used it up.
    if (isDeadlines(failure?.error)) this.tree.closeOpen(failure)
    if (this.segment.ended === undefined) this.#ended()
    super.end(failure)
  }
  interim(): void {
    this.tree.flush()
  }
  flush(): Promise<void> | undefined {
    this.tree.flush()
    return this.tree.sent()
  }
}

const texts = <Part extends object>(part: Part): Part =>
  Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      typeof value === 'string' ? withoutSecrets(value).slice(0, longestDetail).toWellFormed() : value,
    ]),
  ) as Part
/** Such as a URL or a statement. */
const longestDetail = 2000

import type { Context } from '@opentelemetry/api'
import type { Failure } from '../engine.ts'
import type { Parts } from './parts.ts'
import { OpenSpan } from './span.ts'

/** What the spans of an invocation have in common. */
export class Invocation {
  readonly parts: Parts
  readonly lineage: string | undefined
  readonly #open = new Set<OpenSpan>()

  constructor(parts: Parts, lineage: string | undefined) {
    this.parts = parts
    this.lineage = lineage
  }

  holding(open: OpenSpan, context: Context): Context {
    return this.parts.api.trace.setSpan(context, open.span).setValue(this.parts.spanKey, open)
  }
  opened(open: OpenSpan): void {
    this.#open.add(open)
  }
  closed(open: OpenSpan): void {
    this.#open.delete(open)
  }
  /** Ends what is still open, the innermost first. */
  close(failure: Failure): void {
    for (const open of [...this.#open].reverse()) open.end(failure)
  }
}

/** The innermost open span, which may be one that the user's own code or a library began below ours. */
export const activeOf = (parts: Parts): OpenSpan | undefined => {
  const context = parts.manager.active()
  const open = context.getValue(parts.spanKey) as OpenSpan | undefined
  if (!open || context.getValue(parts.suppressedKey) === true) return undefined
  const span = parts.api.trace.getSpan(context)
  return !span || span === open.span ? open : new OpenSpan(open.invocation, span, context)
}

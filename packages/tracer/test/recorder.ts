import { AsyncLocalStorage } from 'node:async_hooks'
import type { Details, Failure, Loaded, Open, SpanStart } from '../src/engine.ts'

/** A span as an engine was told of it. */
export interface Recorded {
  readonly id: string
  readonly name: string
  readonly kind: SpanStart['kind']
  readonly parent: string | undefined
  details: Details
  readonly annotations: Record<string, unknown>
  isOpen: boolean
  failure: Failure | undefined
}

export interface Recorder extends Loaded {
  readonly spans: Recorded[]
  /** Runs something in a span without a parent. */
  within<T>(name: string, fn: () => T): T
  /** Waits until those below that span are over, and gives them: as many as said. */
  below(name: string, count: number): Promise<readonly Recorded[]>
}

/** An engine that writes nothing, and remembers everything. */
export const recorder = (): Recorder => {
  const spans: Recorded[] = []
  const active = new AsyncLocalStorage<Open>()
  const open = ({ name, kind, details = {} }: SpanStart, parent?: string): Open => {
    const id = (spans.length + 1).toString(16).padStart(16, '0')
    const span: Recorded = { id, name, kind, parent, details: {}, annotations: {}, isOpen: true, failure: undefined }
    spans.push(span)
    const it: Open = {
      id,
      child: (start) => open(start, id),
      run: (fn) => active.run(it, fn),
      annotate: (key, value) => {
        span.annotations[key] = value
      },
      metadata: () => {},
      details: (more) => {
        if (!span.isOpen) return
        for (const part of ['http', 'aws', 'sql'] as const)
          if (more[part]) span.details = { ...span.details, [part]: { ...span.details[part], ...more[part] } }
      },
      headers: () => ({ 'x-amzn-trace-id': headerOf(id) }),
      end: (failure) => {
        if (!span.isOpen) return
        span.isOpen = false
        span.failure = failure
      },
    }
    it.details(details)
    return it
  }
  const below = (name: string) => {
    const [parent] = spans.filter((span) => span.name === name && !span.parent)
    return spans.filter((span) => span.parent === parent?.id)
  }
  return {
    spans,
    begin: () => {
      throw new Error('no invocation is recorded')
    },
    active: () => active.getStore(),
    within: (name, fn) => open({ name, kind: 'own' }).run(fn),
    async below(name, count) {
      const until = Date.now() + 10_000
      for (;;) {
        const found = below(name)
        if (found.length >= count && found.every(({ isOpen }) => !isOpen)) return found
        if (Date.now() > until) throw new Error(`not ${count} spans that are over: ${JSON.stringify(found)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

/** What a span's header says. */
export const headerOf = (id: string): string => `Root=1-5e988458-${'a'.repeat(24)};Parent=${id};Sampled=1`

import { isThenable } from '@fnware/core/extend'
import type { Open, Root } from './engine.ts'
import { failureOf } from './failure.ts'
import type { Annotation, Span, SpanOptions, Tracer } from './span.ts'

type Any = Record<string, Annotation>

/** The tracer of an invocation that an engine writes of. */
export class Sampled implements Tracer<Any> {
  readonly #root: Root
  constructor(root: Root) {
    this.#root = root
  }
  get sampled(): boolean {
    return true
  }
  get traceId(): string {
    return this.#root.traceId
  }
  span<T>(name: string, fn: (span: Span<Any>) => T, options: SpanOptions<Any> = {}): T {
    const open = this.#root.active().child({ name, kind: options.kind ?? 'own' })
    const { annotations, metadata } = options
    for (const key in annotations) if (annotations[key] !== undefined) open.annotate(key, annotations[key])
    for (const key in metadata) open.metadata(key, metadata[key])
    return during(open, fn)
  }
  annotate(key: string, value: Annotation): void {
    this.#root.active().annotate(key, value)
  }
  metadata(key: string, value: unknown, namespace?: string): void {
    this.#root.active().metadata(key, value, namespace)
  }
  headers(): Record<string, string> {
    return this.#root.active().headers()
  }
}

/** A result that cannot be asked is handed on as it is. */
const kindOf = (result: unknown): 'promise' | 'thenable' | 'value' => {
  try {
    return result instanceof Promise ? 'promise' : isThenable(result) ? 'thenable' : 'value'
  } catch {
    return 'value'
  }
}

/** Runs `fn` in a span, which ends when what it returns does. */
const during = <T>(open: Open, fn: (span: Span<Any>) => T): T => {
  const ended = () => open.end()
  const failed = (error: unknown) => open.end(failureOf(error))
  let result: T
  try {
    result = open.run(() => fn(open))
  } catch (error) {
    failed(error)
    throw error
  }
  const kind = kindOf(result)
  if (kind === 'promise') {
    // One of a class of its own is only listened to: what it throws is its caller's to see.
    Promise.resolve(result).then(ended, failed)
    return result
  }
  if (kind === 'value') {
    ended()
    return result
  }
  // What begins only when it is waited for begins in the span.
  return open.run(() =>
    Promise.resolve(result).then(
      (value) => {
        ended()
        return value
      },
      (error) => {
        failed(error)
        throw error
      },
    ),
  ) as T
}

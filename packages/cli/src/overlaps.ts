import type { LambdaEvent } from '@fnware/local'

/** Tells apart the lines of invocations that a function runs at the same time: those alone need no id. */
export class Overlaps {
  /** The invocations under way, by function. */
  readonly #running = new Map<string, Set<string>>()
  readonly #overlapping = new Set<string>()

  /** The beginning of the request id of an event whose invocation is not, or was not always, the only one. */
  of(event: LambdaEvent): string | undefined {
    if (!('requestId' in event) || event.requestId === undefined) return undefined
    const { requestId } = event
    const running = this.#running.get(event.function) ?? new Set()
    this.#running.set(event.function, running)
    if (event.type === 'start') {
      running.add(requestId)
      if (running.size > 1) for (const each of running) this.#overlapping.add(each)
    }
    const id = this.#overlapping.has(requestId) ? requestId.slice(0, 8) : undefined
    if (event.type === 'report') {
      running.delete(requestId)
      this.#overlapping.delete(requestId)
    }
    return id
  }
}

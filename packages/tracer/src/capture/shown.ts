import type { Outgoing } from './outgoing.ts'

/**
 * Requests that a span shows already, so that they are not shown a second time where they reach the wire: those of a client
 * of the AWS SDK that is traced itself, and those of fetch() over HTTP/2. They are known by headers of theirs. What never
 * ends makes room for others.
 */
export class Shown {
  readonly #keys = new Set<string>()

  add(key: string): void {
    this.#keys.add(key)
    if (this.#keys.size > most) for (const oldest of this.#keys) return void this.#keys.delete(oldest)
  }
  delete(key: string): void {
    this.#keys.delete(key)
  }
  has({ header }: Outgoing): boolean {
    return this.#keys.size > 0 && names.some((name) => this.#keys.has(header(name) ?? ''))
  }
}

const most = 1_024
const names = ['amz-sdk-invocation-id', 'x-amzn-trace-id', 'traceparent']

import type { TraceEvent } from '../events.ts'
import type { FunctionOptions } from '../options.ts'
import { joined, passedThrough, writeTracingHeader } from './header.ts'
import { type Account, lambdaSegments, newOwnIds } from './lambda-segments.ts'
import { type Addresses, Receivers } from './receivers.ts'
import { Traces } from './traces.ts'

/** How an invocation is traced. */
export interface InvocationTrace {
  /** What the function is told: its own spans are below `Parent`. */
  readonly header: string
  /** It is over, and its account is given. */
  end(account: Account): void
}

/** Traces of all functions here: decides what is sampled, takes what functions send, and tells of each invocation. */
export class Tracing {
  readonly #traces: Traces
  readonly #receivers: Receivers
  #addresses: Promise<Addresses> | undefined

  constructor(emit: (event: TraceEvent) => void) {
    this.#traces = new Traces(emit)
    this.#receivers = new Receivers((spans, environment) => this.#traces.take(spans, environment))
  }

  /** Where functions are to send their spans: opened for the first of them. */
  addresses(): Promise<Addresses> {
    this.#addresses ??= this.#receivers.listen()
    return this.#addresses
  }

  /**
   * @param given the header of who invokes
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_TracingConfig.html
   */
  begin(
    { tracing = 'PassThrough', environmentConcurrency }: FunctionOptions,
    given: string | undefined,
    at: { readonly function: string; readonly environment: string; readonly requestId: string },
  ): InvocationTrace {
    const many = environmentConcurrency !== undefined
    if (tracing === 'PassThrough') {
      const header = passedThrough(given)
      const { trace, parent = '', sampled } = joined(header)
      if (!sampled) return { header, end() {} }
      this.#traces.begin({ ...at, trace, invocation: parent, many })
      return { header, end: () => this.#traces.end(at.requestId, []) }
    }
    const incoming = joined(given)
    const { trace, sampled } = incoming
    const ids = newOwnIds()
    const header = writeTracingHeader(trace, ids.invocation, sampled)
    if (!sampled) return { header, end() {} }
    this.#traces.begin({ ...at, trace, invocation: ids.invocation, many })
    return { header, end: (account) => this.#traces.end(at.requestId, lambdaSegments(ids, incoming, account)) }
  }

  async close(): Promise<void> {
    this.#traces.close()
    // What is not open yet can't be closed.
    await this.#addresses?.catch(() => {})
    this.#receivers.close()
  }
}

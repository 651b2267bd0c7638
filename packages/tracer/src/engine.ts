import type { Context } from '@fnware/core'
import type { Trace } from './trace.ts'

/**
 * What writes traces: X-Ray's daemon, OpenTelemetry, Powertools. It costs nothing but this object until an invocation is
 * sampled: only then is it loaded.
 */
export interface Engine {
  readonly name: string
  /** Whether `headers()` has W3C's `traceparent` too, also of an invocation that is not sampled. */
  readonly w3c?: boolean
  /**
   * Where an engine decides by itself what is traced, rather than by X-Ray's header: the trace that this invocation
   * belongs to, or a new one without `parent`. Where it is not sampled, the trace to hand on in `headers()`, or undefined.
   * Every invocation pays for it.
   * @param found looks what the headers say: Lambda's, or those of the event
   */
  sampled?(event: unknown, context: Context, found: () => Trace | undefined): Trace | undefined
  /** Imports what it needs. Called once; what it rejects with is told once, and the function runs untraced. */
  load(): Promise<Loaded>
}

/** An engine that is there. */
export interface Loaded {
  /** Whether it captures outgoing calls on its own account: then they are not captured beside it. */
  readonly captures?: boolean
  /** The service that it names, where it has one of its own. */
  readonly service?: string | undefined
  /**
   * Opens the span of an invocation; undefined where it is not traced after all. Where it throws, that is told and the
   * invocation is not traced.
   */
  begin(start: Start): Root | undefined
  /** The innermost span that is open in this asynchronous context, whichever invocation it belongs to. */
  active(): Open | undefined
}

/** What an invocation starts with. */
export interface Start {
  /** `## index.handler`. */
  readonly name: string
  readonly service: string
  readonly coldStart: boolean
  /** The trace that it is a part of. */
  readonly trace: Trace
  /** Traces that it has to do with, such as those of a batch's records, where it belongs to none of them. */
  readonly links: readonly Trace[]
  readonly context: Context
  readonly event: unknown
  /** Tells once of what is wrong with the engine, such as a daemon that is not there; never throws. */
  readonly warn: (message: string, error?: unknown) => void
}

/** A span that is open. None of its methods throws, and after `end` all but `run`, `child` and `headers` do nothing. */
export interface Open {
  /** 16 hexadecimal digits. */
  readonly id: string
  /** Opens a span below this one; it is nobody's innermost until it is asked to `run` something. */
  child(start: SpanStart): Open
  /** Runs `fn`; in it, and in all that it starts and awaits, this span is the innermost. Throws what `fn` throws. */
  run<T>(fn: () => T): T
  /** What can be searched for. A value of no such type goes to the metadata. */
  annotate(key: string, value: string | number | boolean): void
  /** What is shown with the span: any value, written down when the span is sent at the latest. */
  metadata(key: string, value: unknown, namespace?: string): void
  /** What is known of a call, also bit by bit. */
  details(details: Details): void
  /** Headers that continue the trace below this span: `x-amzn-trace-id`, and `traceparent` with OpenTelemetry. */
  headers(): Record<string, string>
  /** Closes it, once: a second time does nothing. */
  end(failure?: Failure): void
}

/** The span of an invocation. `end` closes whatever is still open below it. */
export interface Root extends Open {
  /** As the engine writes it: `1-5e988458-…` of X-Ray, 32 hexadecimal digits of OpenTelemetry. */
  readonly traceId: string
  /** The innermost span of this invocation in this asynchronous context; the invocation's own where there is none. */
  active(): Open
  /** The time is up, and the environment may be ended at any moment: what is known so far is sent. */
  interim?(): void
  /**
   * Sends what there is. A promise where there is something to wait for; it never rejects.
   * @param patience ms that the tracer waits for it
   */
  flush(patience: number): Promise<void> | undefined
}

export interface SpanStart {
  readonly name: string
  /** What the span is of: work of one's own, a call to an AWS service, or to anybody else. */
  readonly kind: 'own' | 'aws' | 'remote'
  readonly details?: Details
}

/** What is known of a call. */
export interface Details {
  readonly http?: {
    readonly method?: string
    /** Without its query and credentials. */
    readonly url?: string
    readonly status?: number
    /** Bytes of the answer. */
    readonly length?: number
    readonly userAgent?: string
    readonly clientIp?: string
  }
  readonly aws?: {
    readonly service?: string
    readonly operation?: string
    readonly region?: string
    readonly requestId?: string
    readonly retries?: number
    /** What it was done to, such as `table_name` or `queue_url`, by X-Ray's names. */
    readonly resources?: Readonly<Record<string, string | readonly string[]>>
  }
  readonly sql?: {
    /** Without a password. */
    readonly url?: string
    readonly type?: string
    readonly user?: string
    /** As it was prepared, without values. */
    readonly statement?: string
  }
}

/** How a span failed. */
export interface Failure {
  /** The caller's fault, the callee's, or too many calls: 4xx, 5xx, 429. */
  readonly as: 'error' | 'fault' | 'throttle'
  /** What was thrown, if anything was. */
  readonly error?: unknown
}

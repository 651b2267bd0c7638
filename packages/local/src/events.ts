/** A route that a function answers, as `@fnware/http` declares it. */
export interface Route {
  readonly method: string
  /** With `{name}` for a parameter. */
  readonly path: string
}

/** How an invocation ended. */
export type Status = 'success' | 'error' | 'timeout'

interface InEnvironment {
  /** When: ms since 1970. */
  readonly time: number
  /** The function's name. */
  readonly function: string
  /** The execution environment's id: the last part of its log stream's name. */
  readonly environment: string
}

interface InInvocation extends InEnvironment {
  readonly requestId: string
  /** The line that Lambda writes to the log for it. */
  readonly line: string
}

/** An environment has finished INIT and takes invocations. */
export interface InitEvent extends InEnvironment {
  readonly type: 'init'
  /** Milliseconds from the start of the process. */
  readonly duration: number
  /** The routes that the handler brings, if it is one that does. */
  readonly routes: readonly Route[] | undefined
}

/** An environment could not finish INIT. The invocation that waits for it is answered with the same error. */
export interface InitErrorEvent extends InEnvironment {
  readonly type: 'initError'
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** An invocation begins: `START RequestId: …` */
export interface StartEvent extends InInvocation {
  readonly type: 'start'
}

/** Something the function wrote: by `console`, or to stdout or stderr. */
export interface LogEvent extends InEnvironment {
  readonly type: 'log'
  /** None outside an invocation. */
  readonly requestId: string | undefined
  readonly line: string
}

/** An invocation is over: `END RequestId: …` */
export interface EndEvent extends InInvocation {
  readonly type: 'end'
}

/** The account of an invocation: `REPORT RequestId: … Duration: …` */
export interface ReportEvent extends InInvocation {
  readonly type: 'report'
  readonly status: Status
  readonly errorType: string | undefined
  readonly errorMessage: string | undefined
  /** ms */
  readonly duration: number
  /** ms, whole, with INIT in it on a cold start */
  readonly billed: number
  /** MB */
  readonly memory: number
  /** MB; none when it can't be known */
  readonly memoryUsed: number | undefined
  /** ms; on a cold start only */
  readonly init: number | undefined
}

/** An environment ended although none of its invocations waited for an answer: the next invocation gets another. */
export interface ExitEvent extends InEnvironment {
  readonly type: 'exit'
  /** As in `exit status 1` or `signal: killed`. */
  readonly reason: string
}

/** An HTTP front answered with an error of its own because a function's result is no HTTP response. */
export interface BadResponseEvent {
  readonly type: 'badResponse'
  readonly time: number
  readonly function: string
  readonly requestId: string
  /** What the client was told. */
  readonly statusCode: number
  /** What is wrong with it. */
  readonly reason: string
}

/** An invocation was refused because too many are under way. */
export interface ThrottleEvent {
  readonly type: 'throttle'
  readonly time: number
  readonly function: string
  /** Which limit: `ConcurrentInvocationLimitExceeded`, or `ReservedFunctionConcurrentInvocationLimitExceeded`. */
  readonly reason: string
}

/** An event that nobody waits for will be tried again. */
export interface RetryEvent {
  readonly type: 'retry'
  readonly time: number
  readonly function: string
  readonly requestId: string
  /** How often the function has been invoked for it. */
  readonly attempts: number
  /** ms until then */
  readonly wait: number
}

/** An event that nobody waits for was given up. */
export interface DroppedEvent {
  readonly type: 'dropped'
  readonly time: number
  readonly function: string
  readonly requestId: string
  readonly attempts: number
  /** `ZeroReservedConcurrency`: the function may never run. */
  readonly reason: 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency'
}

/** What was done in an invocation, and how long it took. */
export interface TraceSpan {
  readonly id: string
  /** The span that it is a part of: of this invocation, or of who invoked. */
  readonly parent: string | undefined
  readonly name: string
  /** ms since 1970, with fractions */
  readonly start: number
  /** None while it has not ended. */
  readonly end: number | undefined
  /** Who tells of it: Lambda itself, or the function. */
  readonly by: 'lambda' | 'function'
  /** As X-Ray has it: the caller's fault, our own, or too many at once. */
  readonly status: 'ok' | 'error' | 'fault' | 'throttle'
  /** What was thrown, as in `TypeError: no such order`. */
  readonly error: string | undefined
  /** Annotations of X-Ray, attributes of OpenTelemetry. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** All that is known of it, as it came: X-Ray's segment document without its subsegments, or OTLP's span. */
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * What a sampled invocation did, some ms after its report. What a function sends later, as some exporters do, comes in
 * further events.
 */
export interface TraceEvent {
  readonly type: 'trace'
  readonly time: number
  readonly function: string
  /** The execution environment's id. */
  readonly environment: string
  readonly requestId: string
  /** As X-Ray writes it: `1-5759e988-bd862e3fe1be46a994272793`. Invocations that invoke one another share it. */
  readonly traceId: string
  /** A parent stands before its children where both are there. Functions that this one invoked have events of their own. */
  readonly spans: readonly TraceSpan[]
}

/** Everything that happens, discriminated by `type`. */
export type LambdaEvent =
  | InitEvent
  | InitErrorEvent
  | StartEvent
  | LogEvent
  | EndEvent
  | ReportEvent
  | ExitEvent
  | BadResponseEvent
  | ThrottleEvent
  | RetryEvent
  | DroppedEvent
  | TraceEvent

/** An error as Lambda's runtimes report it. */
export interface Failure {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

/** What Lambda refuses before it invokes anything. `name` is the exception's name in Lambda's API. */
export class InvokeError extends Error {
  /** The HTTP status that Lambda's API answers. */
  readonly statusCode: number
  /** Of a throttle: which limit was reached, as in `ConcurrentInvocationLimitExceeded`. */
  readonly reason: string | undefined

  constructor(name: string, statusCode: number, message: string, reason?: string) {
    super(message)
    this.name = name
    this.statusCode = statusCode
    this.reason = reason
  }
}

export const invalidContent = (message: string): InvokeError =>
  new InvokeError('InvalidRequestContentException', 400, message)

export const invalidParameter = (message: string): InvokeError =>
  new InvokeError('InvalidParameterValueException', 400, message)

export const requestTooLarge = (limit: number): InvokeError =>
  new InvokeError(
    'RequestTooLargeException',
    413,
    `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  )

/** New code could not finish INIT: `name` is the error's type there, `stack` its own trace. */
export class InitError extends Error {
  constructor({ errorType, errorMessage, trace }: Failure) {
    super(errorMessage)
    this.name = errorType
    if (trace?.length) this.stack = trace.join('\n')
  }
}

/** The most that a function may be given or answer. */
export const payloadLimit: number = 6 * 1024 * 1024
/** The most that a function may be given when nobody waits for its answer. */
export const asyncPayloadLimit: number = 1024 * 1024
/** The most that the Runtime API takes: the limit and what the platform wraps round an answer. */
export const responseLimit: number = payloadLimit + 100

export const timedOut = (requestId: string, seconds: number): Failure => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
})

export const exited = (requestId: string, reason: string | undefined): Failure => ({
  errorType: 'Runtime.ExitError',
  errorMessage:
    `${requestId && `RequestId: ${requestId} Error: `}Runtime exited ` +
    (reason ? `with error: ${reason}` : 'without providing a reason'),
})

export const responseTooLarge: Failure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`,
}

const signals: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
}

/** "exit status 1" or "signal: killed"; nothing for a clean exit. */
export function exitReason(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal) return `signal: ${signals[signal] ?? signal.toLowerCase()}`
  return code ? `exit status ${code}` : undefined
}

import { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { type Problem, wordsOf } from './problem.ts'

export const orderLog = (): Logger => new Logger({ serviceName: 'orders', sampleRateValue: 0 })

export type LambdaContext = Context

/** As far as a stack reads the event of an HTTP API. */
export interface HttpApiEvent {
  readonly rawPath: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly requestContext: { readonly http: { readonly method: string }; readonly requestId: string }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

export const correlationId = ({ headers, requestContext }: HttpApiEvent): string =>
  headers['x-correlation-id'] ?? requestContext.requestId

/** What one invocation's lines have in common. What an earlier one added is gone. */
export const beginLog = (log: Logger, event: HttpApiEvent, context: LambdaContext): void => {
  log.addContext(context)
  log.resetKeys()
  log.appendKeys({ correlation_id: correlationId(event) })
}

export interface Ended {
  readonly method: string
  readonly path: string
  readonly status: number
  /** `performance.now()` of its beginning. */
  readonly started: number
  readonly context: LambdaContext
  /** What was answered other than a result. */
  readonly problem?: Problem | undefined
  readonly error?: Error | undefined
}

/** The line that ends an invocation, and one before it for what nobody expected. */
export const endLog = (log: Logger, { method, path, status, started, context, problem, error }: Ended): void => {
  const unexpected = status >= 500
  if (unexpected && error) log.error(status === 504 ? 'the invocation timed out' : 'the invocation failed', error)
  log[unexpected ? 'error' : 'info'](`${method} ${path} ${status}`, {
    outcome: !problem ? 'success' : !unexpected ? 'refused' : status === 504 ? 'timeout' : 'error',
    duration_ms: Math.round((performance.now() - started) * 100) / 100,
    remaining_ms: context.getRemainingTimeInMillis(),
    method,
    path,
    status,
    ...(problem && { error_name: error?.name ?? (problem.errors ? 'InputError' : 'HttpError') }),
    ...(problem && !unexpected && { error_message: wordsOf(problem) }),
  })
}

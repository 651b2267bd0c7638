import type { TraceSpan } from '../events.ts'
import type { Failure } from '../failures.ts'
import { newId, type TracingHeader } from './header.ts'

/** When what happened, in ms since 1970. */
export interface Account {
  readonly requestId: string
  /** Of the function, with its qualifier. */
  readonly arn: string
  readonly name: string
  /** Lambda was asked. */
  readonly asked: number
  /** The environment began, on a cold start. */
  readonly started: number | undefined
  /** ms that INIT took. */
  readonly initDuration: number
  /** The handler was called. */
  readonly invoked: number
  /** It had answered. */
  readonly answered: number
  /** All was over. */
  readonly ended: number
  readonly failure?: Failure | undefined
}

/** The ids of what Lambda tells of an invocation itself. */
export interface OwnIds {
  readonly service: string
  readonly function: string
  /** What the function's own spans are a part of. */
  readonly invocation: string
}

export const newOwnIds = (): OwnIds => ({ service: newId(), function: newId(), invocation: newId() })

/**
 * What Lambda itself tells X-Ray of an invocation: a segment of the service, one of the function, and in that
 * Initialization (on a cold start), Invocation and Overhead.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function lambdaSegments(ids: OwnIds, { trace, parent }: TracingHeader, account: Account): readonly TraceSpan[] {
  const { requestId, arn, name, asked, started, initDuration, invoked, answered, ended, failure } = account
  const failed = failure && {
    fault: true,
    cause: { exceptions: [{ id: newId(), type: failure.errorType, message: failure.errorMessage }] },
  }
  const span = (
    id: string,
    parent: string | undefined,
    name: string,
    [start, end]: readonly [number, number],
    more: object,
  ): TraceSpan => ({
    id,
    parent,
    name,
    start,
    end,
    by: 'lambda',
    status: 'fault' in more ? 'fault' : 'ok',
    error: 'fault' in more && failure ? `${failure.errorType}: ${failure.errorMessage}` : undefined,
    attributes: {},
    detail: { id, parent_id: parent, trace_id: trace, name, start_time: start / 1000, end_time: end / 1000, ...more },
  })
  const service = { origin: 'AWS::Lambda', resource_arn: arn, http: { response: { status: 200 } }, ...failed }
  const called = { origin: 'AWS::Lambda::Function', resource_arn: arn, aws: { function_arn: arn }, ...failed }
  const part = { type: 'subsegment' }
  return [
    span(ids.service, parent, name, [asked, answered], { ...service, aws: { request_id: requestId } }),
    span(ids.function, ids.service, name, [started ?? invoked, ended], called),
    ...(started === undefined
      ? []
      : [span(newId(), ids.function, 'Initialization', [started, started + initDuration], part)]),
    span(ids.invocation, ids.function, 'Invocation', [invoked, answered], { ...part, ...failed }),
    span(newId(), ids.function, 'Overhead', [answered, ended], part),
  ]
}

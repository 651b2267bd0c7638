import type { Invocation } from './invoke.ts'
import type { StreamTarget } from './stream-target.ts'

/** What the runtime is given with an event. */
export interface Task {
  readonly requestId: string
  /** The event as JSON. */
  readonly payload: string
  /** ms since 1970 */
  readonly deadline: number
  readonly functionArn: string
  readonly traceId: string
  /** JSON */
  readonly clientContext: string | undefined
  /** JSON */
  readonly identity: string | undefined
  readonly tenantId: string | undefined
  /** Takes the answer as it comes, if the function streams it. */
  readonly stream?: StreamTarget | undefined
}

/** What of an invocation its runtime is given, in words that headers can carry. */
export function taskOf(
  { qualifier, clientContext, identity, tenantId, stream }: Invocation,
  given: Pick<Task, 'requestId' | 'payload' | 'deadline' | 'traceId'>,
  arn: string,
): Task {
  return {
    ...given,
    functionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    clientContext: clientContext === undefined ? undefined : asciiJson(clientContext),
    identity: identity === undefined ? undefined : asciiJson(identity),
    tenantId,
    stream,
  }
}

/** JSON that a header can carry. */
const asciiJson = (value: unknown): string | undefined =>
  JSON.stringify(value)?.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

import type { Route } from './events.ts'
import type { StreamTarget } from './stream-target.ts'

/** What an invocation may be given beside its event. */
export interface InvokeOptions {
  /** What mobile SDKs send along: `context.clientContext`. */
  readonly clientContext?: unknown
  /** Who invokes, to Amazon Cognito: `context.identity`. */
  readonly identity?: { readonly cognitoIdentityId: string; readonly cognitoIdentityPoolId: string }
  /** `context.tenantId` */
  readonly tenantId?: string
  /** `X-Amzn-Trace-Id`; a new one that is not sampled by default. */
  readonly traceId?: string
  /** Whether the end of the log is wanted, as `logResult`. */
  readonly tail?: boolean
}

/** What the platform itself adds. */
export interface Invocation extends InvokeOptions {
  /** A new one by default. */
  readonly requestId?: string
  /** `$LATEST` or `$LATEST.PUBLISHED`, when the invocation named it: the function sees it in its ARN. */
  readonly qualifier?: string | undefined
  /** Whether the result may wait until all that is said of the invocation has been said. */
  readonly patient?: boolean
  /** Takes the answer as it comes, if the function streams it. */
  readonly stream?: StreamTarget
}

/**
 * What Lambda's Invoke answers.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export interface InvokeResult {
  readonly statusCode: 200
  /** Set when the function failed: `payload` is the error then. */
  readonly functionError?: 'Unhandled'
  readonly executedVersion: '$LATEST'
  /** JSON */
  readonly payload: string
  readonly requestId: string
  /** The last 4 kB of the log, in base64, when they were wanted. */
  readonly logResult?: string
}

/** How an invocation ended, for the platform itself. */
export interface Invoked extends InvokeResult {
  /** The answer went where it was to be streamed to: `payload` is empty, unless the function failed. */
  readonly streamed?: true
}

/** New code that serves. */
export interface Updated {
  /** ms that its INIT took */
  readonly duration: number
  readonly routes: readonly Route[] | undefined
  /** Newer code came before this was ready: that one serves, or will. */
  readonly superseded: boolean
}

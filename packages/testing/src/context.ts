import { randomBytes, randomUUID } from 'node:crypto'
import type { Context } from '@fnware/core'
import { checkOptions } from '@fnware/core/extend'

/** What differs from an ordinary context. What is undefined counts as left out. */
export interface FakeContextOptions {
  /** A UUID of its own by default. */
  readonly awsRequestId?: string | undefined
  /** `function` by default. */
  readonly functionName?: string | undefined
  /** `$LATEST` by default. */
  readonly functionVersion?: string | undefined
  /** Megabytes, as the text that Lambda makes of them; `128` by default. */
  readonly memoryLimitInMB?: string | undefined
  /** That of `functionName` in account 123456789012 by default. */
  readonly invokedFunctionArn?: string | undefined
  /** `/aws/lambda/` and `functionName` by default. */
  readonly logGroupName?: string | undefined
  /** One of today's, with `functionVersion`, by default. */
  readonly logStreamName?: string | undefined
  /** For functions with tenant isolation. */
  readonly tenantId?: string | undefined
  /** Who calls, from a mobile app with Cognito. */
  readonly identity?: Context['identity']
  /** What a mobile app says of itself. */
  readonly clientContext?: Context['clientContext']
  /** True by default, as Lambda sets it. */
  readonly callbackWaitsForEmptyEventLoop?: boolean | undefined
  /** ms that `getRemainingTimeInMillis` counts down from; 30 000 by default. */
  readonly timeout?: number | undefined
  /** Whether the time left stands still at `timeout`; false by default. */
  readonly frozen?: boolean | undefined
  /** Another clock altogether, in place of `timeout` and `frozen`. */
  readonly getRemainingTimeInMillis?: (() => number) | undefined
  /** By default these three throw: what they did, a promise does. */
  readonly done?: Context['done'] | undefined
  readonly fail?: Context['fail'] | undefined
  readonly succeed?: Context['succeed'] | undefined
}

/**
 * A context as Lambda gives it, for one invocation: ask for another for the next.
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export const fakeContext = (options: FakeContextOptions = {}): Context => {
  checkOptions('fakeContext()', options, {
    awsRequestId: 'string',
    functionName: 'string',
    functionVersion: 'string',
    memoryLimitInMB: 'string',
    invokedFunctionArn: 'string',
    logGroupName: 'string',
    logStreamName: 'string',
    tenantId: 'string',
    identity: 'object',
    clientContext: 'object',
    callbackWaitsForEmptyEventLoop: 'boolean',
    timeout: 'number',
    frozen: 'boolean',
    getRemainingTimeInMillis: 'function',
    done: 'function',
    fail: 'function',
    succeed: 'function',
  })
  const { timeout = 30_000, frozen = false, ...fields } = options
  const { functionName = 'function', functionVersion = '$LATEST' } = fields
  const end = Date.now() + timeout
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: randomUUID(),
    functionName,
    functionVersion,
    memoryLimitInMB: '128',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${today()}/[${functionVersion}]${randomBytes(16).toString('hex')}`,
    getRemainingTimeInMillis: () => (frozen ? timeout : Math.max(0, end - Date.now())),
    done: gone('done'),
    fail: gone('fail'),
    succeed: gone('succeed'),
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  }
}

/** `2026/11/24` */
const today = () => new Date().toISOString().slice(0, 10).replaceAll('-', '/')

const gone = (name: string) => (): never => {
  throw new Error(`context.${name}() belongs to a runtime long gone: return a promise, or throw`)
}

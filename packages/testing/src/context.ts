import { randomUUID } from 'node:crypto'
import type { Context } from '@fnware/core'
import { checkOptions } from '@fnware/core/extend'

export interface FakeContextOptions {
  /** A UUID of its own by default. */
  readonly awsRequestId?: string
  /** `function` by default. */
  readonly functionName?: string
  /** `$LATEST` by default. */
  readonly functionVersion?: string
  /** Megabytes, as the text that Lambda makes of them; `128` by default. */
  readonly memoryLimitInMB?: string
  readonly invokedFunctionArn?: string
  readonly logGroupName?: string
  readonly logStreamName?: string
  readonly tenantId?: string
  /** ms that `getRemainingTimeInMillis` counts down from; 30 000 by default. */
  readonly timeout?: number
  /** Whether the time left stands still. */
  readonly frozen?: boolean
}

/**
 * A context as Lambda gives it, for one invocation.
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
    timeout: 'number',
    frozen: 'boolean',
  })
  const { timeout = 30_000, frozen = false, tenantId, functionName = 'function', ...rest } = options
  const end = Date.now() + timeout
  const context: Partial<Context> = {
    awsRequestId: randomUUID(),
    functionName,
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef',
    ...rest,
    ...(tenantId !== undefined && { tenantId }),
    getRemainingTimeInMillis: () => (frozen ? timeout : Math.max(0, end - Date.now())),
  }
  return context as Context
}

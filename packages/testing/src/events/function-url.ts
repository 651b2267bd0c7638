import { randomUUID } from 'node:crypto'
import type * as aws from 'aws-lambda'
import { type RequestOptions, sent } from '../request.ts'
import { version2 } from './version-2.ts'

/** Payload format 2.0, as function URLs give it. */
export interface FunctionUrlEvent extends aws.LambdaFunctionURLEvent {}

export interface FunctionUrlRequestOptions extends RequestOptions {
  /** With auth type AWS_IAM: who called, as `{ iam: { accountId, userArn, … } }`. By default anybody may (NONE). */
  readonly authorizer?: Readonly<Record<string, unknown>>
}

/**
 * A request as a function URL gives it: with the path as it was sent.
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export const functionUrlEvent = (options: FunctionUrlRequestOptions = {}): FunctionUrlEvent => {
  const id = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6'
  const domainName = `${id}.lambda-url.us-east-1.on.aws`
  const request = sent('functionUrlEvent()', options, domainName, { authorizer: 'object' })
  const { authorizer } = options
  return version2(request, {
    rawPath: request.path,
    routeKey: '$default',
    stage: '$default',
    requestId: randomUUID(),
    accountId: authorizer ? '123456789012' : 'anonymous',
    apiId: id,
    domainName,
    ...(authorizer && { authorizer: { ...authorizer } }),
    headers: request.bytes ? [['Content-Length', String(request.bytes.length)]] : [],
  })
}

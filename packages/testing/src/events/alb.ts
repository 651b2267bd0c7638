import type * as aws from 'aws-lambda'
import { byType } from '../body.ts'
import { traceId } from '../ids.ts'
import { all, last, lowerCase, undecoded } from '../maps.ts'
import { type Pairs, type RequestOptions, type Sent, sent, valuesOf } from '../request.ts'

export interface AlbEvent extends aws.ALBEvent {}

export interface AlbRequestOptions extends RequestOptions {
  /** Whether the target group has multi-value headers switched on; false by default. */
  readonly multiValue?: boolean
}

/**
 * A request as an Application Load Balancer gives it: path and query string as they were sent, still percent-encoded. Of
 * what was sent several times it keeps the last, unless the target group has multi-value headers.
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const albEvent = ({ multiValue = false, ...options }: AlbRequestOptions = {}): AlbEvent => {
  if (typeof multiValue !== 'boolean') throw new TypeError('albEvent(): `multiValue` must be true or false')
  const request = sent('albEvent()', options, 'orders-1234567890.us-east-1.elb.amazonaws.com')
  const query = undecoded(request.query)
  const headers = lowerCase(headersOf(request))
  const { body = '', isBase64Encoded } = byType(request, valuesOf(headers, 'content-encoding').length > 0)
  return {
    requestContext: {
      elb: {
        targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/orders/0123456789abcdef',
      },
    },
    httpMethod: request.method,
    path: request.path,
    ...(multiValue
      ? { multiValueQueryStringParameters: all(query), multiValueHeaders: all(headers) }
      : { queryStringParameters: last(query), headers: last(headers) }),
    body,
    isBase64Encoded,
  }
}

const headersOf = ({ headers, cookies, bytes }: Sent): Pairs => [
  ...headers,
  ...(valuesOf(headers, 'x-amzn-trace-id').length > 0 ? [] : [['x-amzn-trace-id', traceId(new Date())] as const]),
  ...(cookies.length > 0 ? [['cookie', cookies.join('; ')] as const] : []),
  ...(bytes && valuesOf(headers, 'content-length').length === 0
    ? [['content-length', String(bytes.length)] as const]
    : []),
]

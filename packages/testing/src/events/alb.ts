import type * as aws from 'aws-lambda'
import { type RequestOptions, sent, several, single } from '../request.ts'

export interface AlbEvent extends aws.ALBEvent {}

export interface AlbRequestOptions extends Omit<RequestOptions, 'stage' | 'route' | 'pathParameters'> {
  /** Whether the target group has multi-value headers switched on; false by default. */
  readonly multiValue?: boolean
}

/**
 * A request as an Application Load Balancer gives it. It leaves the query string encoded, unlike API Gateway.
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const albEvent = ({ multiValue = false, ...options }: AlbRequestOptions = {}): AlbEvent => {
  const request = sent('albEvent()', options, 'orders-1234567890.us-east-1.elb.amazonaws.com')
  const { method, path, body = '', isBase64Encoded } = request
  const query = request.query.map(([name, value]) => [encodeURIComponent(name), encodeURIComponent(value)] as const)
  const headers = [
    ...request.headers,
    ...(request.cookies.length > 0 ? [['cookie', request.cookies.join('; ')] as const] : []),
  ].map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    requestContext: {
      elb: {
        targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/orders/0123456789abcdef',
      },
    },
    httpMethod: method,
    path,
    ...(multiValue
      ? { multiValueQueryStringParameters: several(query), multiValueHeaders: several(headers) }
      : { queryStringParameters: single(query), headers: single(headers) }),
    body,
    isBase64Encoded,
  }
}

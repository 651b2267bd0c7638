import type * as aws from 'aws-lambda'

// Named here, so that a user's declaration file can name them without @types/aws-lambda.

/**
 * An HTTP API's event (payload format 2.0), and a function URL's.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface HttpApiEvent extends aws.APIGatewayProxyEventV2 {}
/**
 * A REST API's event (payload format 1.0), which an HTTP API can give as well.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export interface RestApiEvent extends aws.APIGatewayProxyEvent {}
/**
 * An Application Load Balancer's event, with multi-value headers or without.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export interface AlbEvent extends aws.ALBEvent {}

export type HttpEvent = HttpApiEvent | RestApiEvent | AlbEvent

/** What Lambda gets: the parts of it that the event's own service reads. */
export interface HttpResult {
  statusCode: number
  headers?: { [name: string]: string }
  /** REST APIs, and load balancers with multi-value headers. */
  multiValueHeaders?: { [name: string]: string[] }
  /** HTTP APIs and function URLs: one `set-cookie` each. */
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
  /** Load balancers alone. */
  statusDescription?: string
}

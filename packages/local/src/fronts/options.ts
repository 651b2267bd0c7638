/** The services that can stand between HTTP and a function. */
export type FrontName = 'http-api' | 'rest-api' | 'function-url' | 'alb'

/** An HTTP API of API Gateway, with payload format 2.0. */
export interface HttpApiOptions {
  readonly type: 'http-api'
  readonly stageVariables?: Readonly<Record<string, string>>
  /** What an authorizer would have found: `requestContext.authorizer`, as `{ jwt: { claims, scopes } }`. */
  readonly authorizer?: Readonly<Record<string, unknown>>
}

/** A REST API of API Gateway, with payload format 1.0. */
export interface RestApiOptions {
  readonly type: 'rest-api'
  /** With one, urls begin with it, as on API Gateway's own domain; without, they do not, as on a domain of your own. */
  readonly stage?: string
  readonly stageVariables?: Readonly<Record<string, string>>
  /** What an authorizer would have found: `requestContext.authorizer`. */
  readonly authorizer?: Readonly<Record<string, unknown>>
  /**
   * Types of content that are bytes: `['image/*']`. Bodies of such a type come in base64; an answer in base64 is decoded
   * only for a client whose `Accept` begins with such a type. None by default, as on API Gateway.
   */
  readonly binaryMediaTypes?: readonly string[]
  /** Whether the answer is passed on piece by piece (`responseTransferMode: STREAM`). */
  readonly stream?: boolean
}

/** A function URL. */
export interface FunctionUrlOptions {
  readonly type: 'function-url'
  /** Who called, with auth type AWS_IAM: `requestContext.authorizer`, as `{ iam: { accountId, userArn, … } }`. */
  readonly authorizer?: Readonly<Record<string, unknown>>
  /** Whether the answer is passed on piece by piece (invoke mode `RESPONSE_STREAM`). */
  readonly stream?: boolean
}

/** An Application Load Balancer. */
export interface AlbOptions {
  readonly type: 'alb'
  /** Whether the target group has multi-value headers switched on: false by default. */
  readonly multiValueHeaders?: boolean
}

/** A front by its name alone, or with options of its own. */
export type FrontOptions = FrontName | HttpApiOptions | RestApiOptions | FunctionUrlOptions | AlbOptions

/** Routes behind a front of their own. */
export interface HttpRoute {
  readonly route: string | readonly string[]
  readonly front: FrontOptions
}

import type { Attributes } from '@opentelemetry/api'
import type { Start } from '../engine.ts'

/** What the environment says of the function, for every span of it. */
export const resourceOf = (env: NodeJS.ProcessEnv = process.env): Attributes => {
  const name = env.AWS_LAMBDA_FUNCTION_NAME
  if (name === undefined) return {}
  const found: Attributes = { 'cloud.provider': 'aws', 'cloud.platform': 'aws_lambda', 'faas.name': name }
  if (env.AWS_REGION) found['cloud.region'] = env.AWS_REGION
  if (env.AWS_LAMBDA_FUNCTION_VERSION) found['faas.version'] = env.AWS_LAMBDA_FUNCTION_VERSION
  if (env.AWS_LAMBDA_LOG_STREAM_NAME) {
    found['faas.instance'] = env.AWS_LAMBDA_LOG_STREAM_NAME
    found['aws.log.stream.names'] = [env.AWS_LAMBDA_LOG_STREAM_NAME]
  }
  if (env.AWS_LAMBDA_LOG_GROUP_NAME) found['aws.log.group.names'] = [env.AWS_LAMBDA_LOG_GROUP_NAME]
  const megabytes = Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)
  if (megabytes > 0) found['faas.max_memory'] = megabytes * 1024 * 1024
  return found
}

interface AnyEvent {
  readonly httpMethod?: unknown
  readonly path?: unknown
  readonly resource?: unknown
  readonly routeKey?: unknown
  readonly requestContext?: {
    readonly http?: { readonly method?: unknown; readonly path?: unknown }
    readonly elb?: unknown
  } | null
  readonly source?: unknown
  readonly Records?: readonly { readonly eventSource?: unknown; readonly EventSource?: unknown }[]
}

/** How an invocation is shown: as a request, as messages that are taken, or as a call. */
export interface Shown {
  readonly name: string
  readonly kind: 'server' | 'consumer'
  readonly attributes: Attributes
}

/**
 * @see https://opentelemetry.io/docs/specs/semconv/faas/aws-lambda/
 * @see https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
 */
export const shown = ({ name, coldStart, context, event }: Start): Shown => {
  const arn = context?.invokedFunctionArn
  const attributes: Attributes = {
    'faas.coldstart': coldStart,
    ...(context?.awsRequestId && { 'faas.invocation_id': context.awsRequestId }),
    ...(arn && { 'cloud.resource_id': arn, 'aws.lambda.invoked_arn': arn }),
    ...(arn?.split(':')[4] && { 'cloud.account.id': arn.split(':')[4] as string }),
  }
  const it = (typeof event === 'object' && event !== null ? event : {}) as AnyEvent
  const fallback = context?.functionName ?? name
  const request = requestOf(it)
  if (request) return { name: request.name, kind: 'server', attributes: { ...attributes, ...request.attributes } }
  const source = it.Records?.[0]?.eventSource ?? it.Records?.[0]?.EventSource
  const kind = source === 'aws:sqs' || source === 'aws:sns' ? 'consumer' : 'server'
  attributes['faas.trigger'] = triggerOf(source, it.source)
  if (kind === 'consumer') {
    attributes['messaging.system'] = source === 'aws:sqs' ? 'aws_sqs' : 'aws.sns'
    attributes['messaging.operation.type'] = 'process'
    attributes['messaging.batch.message_count'] = it.Records?.length ?? 1
  }
  return { name: fallback, kind, attributes }
}

const requestOf = (event: AnyEvent) => {
  const method = event.requestContext?.http?.method ?? event.httpMethod
  if (!event.requestContext || typeof method !== 'string') return undefined
  const path = event.requestContext.http?.path ?? event.path
  const route = routeOf(event)
  return {
    name: route ? `${method} ${route}` : method,
    attributes: {
      'faas.trigger': 'http',
      'http.request.method': method,
      ...(typeof path === 'string' && { 'url.path': path }),
      ...(route && { 'http.route': route }),
    },
  }
}

/** The route of the API's own, where it has one: `GET /orders/{id}` of HTTP APIs, `/orders/{id}` of REST APIs. */
const routeOf = ({ routeKey, resource, requestContext }: AnyEvent): string | undefined => {
  if (typeof routeKey === 'string')
    return routeKey === '$default' ? undefined : routeKey.slice(routeKey.indexOf(' ') + 1)
  return typeof resource === 'string' && !requestContext?.elb ? resource : undefined
}

const triggerOf = (source: unknown, from: unknown) => {
  if (source === 'aws:sqs' || source === 'aws:sns') return 'pubsub'
  if (typeof source === 'string') return 'datasource'
  return from === 'aws.events' || from === 'aws.scheduler' ? 'timer' : from === undefined ? 'other' : 'pubsub'
}

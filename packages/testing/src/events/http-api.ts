import type * as aws from 'aws-lambda'
import { gatewayId } from '../ids.ts'
import { type ApiRequestOptions, knownOfApis, sent } from '../request.ts'
import { parametersOf } from '../route.ts'
import { version2 } from './version-2.ts'

/** Payload format 2.0, as HTTP APIs give it. */
export interface HttpApiEvent extends aws.APIGatewayProxyEventV2 {}

/**
 * A request as an HTTP API of API Gateway gives it (payload format 2.0): with the path decoded, and behind a named stage.
 * @throws TypeError on an unknown option, and on a path that does not fit the route
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiEvent = (options: ApiRequestOptions = {}): HttpApiEvent => {
  const where = 'httpApiEvent()'
  const request = sent(where, options, 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com', knownOfApis)
  const { stage = '$default', route = '$default', stageVariables, authorizer } = options
  const pathParameters = options.pathParameters ?? parametersIn(where, route, request.path)
  return version2(request, {
    rawPath: (stage === '$default' ? '' : `/${stage}`) + decodedPath(where, request.path),
    routeKey: route === '$default' || route.includes(' ') ? route : `${request.method} ${route}`,
    stage,
    requestId: gatewayId(),
    accountId: '123456789012',
    apiId: 'a1b2c3d4e5',
    domainName: request.host,
    ...(authorizer && { authorizer: { ...authorizer } }),
    headers: [['Content-Length', String(request.bytes?.length ?? 0)]],
    ...(pathParameters && { pathParameters: { ...pathParameters } }),
    ...(stageVariables && { stageVariables: { ...stageVariables } }),
  })
}

/** An HTTP API decodes the path, and ends it at a decoded question mark. */
const decodedPath = (where: string, path: string) => decode(where, path).split('?', 1)[0] as string

const parametersIn = (where: string, route: string, path: string) => {
  const template = route.split(' ').at(-1) as string
  if (template === '$default') return undefined
  const parameters = Object.entries(parametersOf(where, template, path))
  return parameters.length > 0
    ? Object.fromEntries(parameters.map(([name, value]) => [name, decode(where, value)]))
    : undefined
}

const decode = (where: string, text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new TypeError(`${where}: \`path\` is UTF-8, percent-encoded: an HTTP API cannot decode ${text}`)
  }
}

import { STATUS_CODES } from 'node:http'
import { isPlainObject } from '../check.ts'
import type { FailureKind, Front } from './front.ts'
import { all, last, lowerCase, undecoded } from './maps.ts'
import type { AlbOptions } from './options.ts'
import { carried, header, type Received, typeOf, withForwarded } from './received.ts'
import {
  BadResponse,
  byName,
  type HttpResponse,
  parse,
  readBody,
  readHeaders,
  readMultiValueHeaders,
  readStatus,
} from './result.ts'

type Single = Readonly<Record<string, string>>
type Several = Readonly<Record<string, readonly string[]>>

/**
 * A request as an Application Load Balancer gives it: path and query are percent-encoded.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export interface AlbEvent {
  readonly requestContext: { readonly elb: { readonly targetGroupArn: string } }
  readonly httpMethod: string
  readonly path: string
  readonly queryStringParameters?: Single
  readonly headers?: Single
  readonly multiValueQueryStringParameters?: Several
  readonly multiValueHeaders?: Several
  /** Empty when there is none. */
  readonly body: string
  readonly isBase64Encoded: boolean
}

const limit = 1024 * 1024
const targetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/local/0123456789abcdef'

/** A page of the load balancer's own. */
function page(statusCode: number, words = STATUS_CODES[statusCode]!): HttpResponse {
  const title = `${statusCode} ${words}`
  const html = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { statusCode, headers: { server: 'awselb/2.0', 'content-type': 'text/html' }, body: Buffer.from(html) }
}

const badGateway = page(502)
const failures: Readonly<Record<FailureKind, HttpResponse>> = {
  failed: badGateway,
  timeout: badGateway,
  throttled: badGateway,
  requestTooLarge: page(413, 'Request Entity Too Large'),
  notFound: page(404),
}

/** An Application Load Balancer with the function as its target. */
export const alb = ({ multiValueHeaders = false }: Omit<AlbOptions, 'type'>): Front => ({
  bodyLimit: limit,
  limit: undefined,
  hand: (received, { path }) => ({ event: albEvent(received, path, multiValueHeaders), headers: {} }),
  answer(payload) {
    if (Buffer.byteLength(payload) > limit) throw new BadResponse(`it is larger than ${limit} bytes`)
    const result = parse(payload)
    if (!isPlainObject(result)) throw new BadResponse('it is no object with a statusCode')
    const statusCode = readStatus(result.statusCode)
    const headers = byName(
      multiValueHeaders ? readMultiValueHeaders(result.multiValueHeaders) : readHeaders(result.headers),
    )
    headers.server ??= 'awselb/2.0'
    headers['content-type'] ??= 'application/octet-stream'
    const statusMessage = readDescription(result.statusDescription)
    return {
      statusCode,
      ...(statusMessage === undefined ? {} : { statusMessage }),
      headers,
      body: readBody(result.body, result.isBase64Encoded === true),
    }
  },
  failure: (kind) => failures[kind],
})

function albEvent(received: Received, path: string, multiValue: boolean): AlbEvent {
  const query = undecoded(received.query)
  const headers = lowerCase(withForwarded(received))
  const type = typeOf(header(received, 'content-type'))
  const isText = type === '' || type.startsWith('text/') || textual.has(type)
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: received.method,
    path,
    ...(multiValue
      ? { multiValueQueryStringParameters: all(query), multiValueHeaders: all(headers) }
      : { queryStringParameters: last(query), headers: last(headers) }),
    ...carried(received.body, isText && header(received, 'content-encoding') === undefined),
  }
}

const textual = new Set(['application/json', 'application/javascript', 'application/xml'])

/** The words after the status: "200 OK", or "OK". */
function readDescription(given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given === 'string' && /^[\t\x20-\x7e]*$/.test(given)) return given.replace(/^\d{3}\s*/, '')
  throw new BadResponse(`statusDescription must be a text such as "200 OK", got ${JSON.stringify(given)}`)
}

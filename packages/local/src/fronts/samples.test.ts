import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { served } from '../testing.ts'
import type { FrontName, FrontOptions } from './options.ts'

// Events that the services sent, from aws-lambda-go, where they are at hand. What each front makes of a request like
// the one that a sample is of has the same keys at every level, with values of the same kinds and forms.

const folder = fileURLToPath(new URL('../../../../../shared/events/', import.meta.url))

/** What each form looks like, the more telling first. */
const forms: readonly (readonly [name: string, form: RegExp])[] = [
  ['date', /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/],
  ['trace', /^Root=1-[\da-f]{8}-[\da-f]{24}$/],
  ['uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  ['arn', /^arn:aws:elasticloadbalancing:[\w-]+:\d{12}:targetgroup\/[\w-]+\/\w+$/],
  ['gateway id', /^[\w+/-]{15}=$/],
  ['addresses', /^\d+\.\d+\.\d+\.\d+(, \d+\.\d+\.\d+\.\d+)*$/],
  ['account', /^\d{11,12}$/],
  ['epoch', /^1\d{12}$/],
  ['http', /^HTTP\/1\.1$/],
]

type Shape = Record<string, string>

/** Every key by its path, with the form or the kind of its value; names of headers and parameters as they are. */
function shape(value: unknown, at = '', found: Shape = {}): Shape {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) shape(inner, at ? `${at}.${key}` : key, found)
    return found
  }
  if (Array.isArray(value)) for (const each of value) shape(each, `${at}[]`, found)
  else {
    const kind = value === null ? 'null' : typeof value
    const form = forms.find(([, each]) => each.test(String(value)))
    found[at] = form ? `${kind}: ${form[0]}` : kind
  }
  return found
}

interface Case {
  readonly front: FrontName
  /** What its front is told beside: the rest is in the sample. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly http?: string
  /** What of the sample nobody but the service can know: no keys of ours. With a dot at the end, all below. */
  readonly beyond: readonly string[]
  /** What the service says by its documentation, and the sample leaves out. */
  readonly added: readonly string[]
}

const certificate = 'requestContext.authentication.clientCert.'

const cases: Readonly<Record<string, Case>> = {
  'apigw-v2-request-no-authorizer': { front: 'http-api', beyond: [certificate], added: [] },
  'apigw-v2-request-jwt-authorizer': {
    front: 'http-api',
    http: '/',
    beyond: [certificate, 'headers.'],
    added: ['headers.'],
  },
  'apigw-v2-request-iam': { front: 'http-api', http: '/', beyond: [certificate, 'headers.'], added: ['headers.'] },
  'apigw-v2-request-lambda-authorizer': {
    front: 'http-api',
    http: '/',
    beyond: [certificate, 'headers.'],
    added: ['headers.'],
  },
  'lambda-urls-request': {
    front: 'function-url',
    beyond: ['headers.'],
    added: ['routeKey', 'requestContext.routeKey', 'requestContext.stage', 'headers.'],
  },
  'apigw-request': {
    front: 'rest-api',
    http: 'ANY /{proxy+}',
    beyond: ['requestContext.identity.clientCert.'],
    added: [
      'isBase64Encoded',
      'requestContext.identity.clientCert',
      'requestContext.identity.principalOrgId',
      'headers.X-Amzn-Trace-Id',
      'multiValueHeaders.X-Amzn-Trace-Id[]',
    ],
  },
  'apigw-restapi-openapi-request': {
    front: 'rest-api',
    http: 'ANY /{proxy+}',
    beyond: ['requestContext.operationName'],
    added: [
      'isBase64Encoded',
      'requestContext.identity.clientCert',
      'requestContext.identity.principalOrgId',
      'headers.X-Amzn-Trace-Id',
      'multiValueHeaders.X-Amzn-Trace-Id[]',
    ],
  },
  'alb-lambda-target-request-headers-only': { front: 'alb', beyond: ['headers.x-imforwards'], added: [] },
  'alb-lambda-target-request-multivalue-headers': {
    front: 'alb',
    options: { multiValueHeaders: true },
    beyond: ['multiValueHeaders.x-imforwards[]'],
    added: [],
  },
}

/** Of a caller whom nobody has authenticated a REST API says null. */
const unknownCaller = /^requestContext\.identity\.(?!sourceIp|userAgent)/

interface Sample {
  readonly httpMethod?: string
  readonly path?: string
  readonly rawPath?: string
  readonly rawQueryString?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, string[]>>
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly multiValueQueryStringParameters?: Readonly<Record<string, string[]>>
  readonly cookies?: readonly string[]
  readonly stageVariables?: object
  readonly requestContext: { readonly authorizer?: object; readonly http?: { readonly method: string } }
  readonly body?: string
}

/** The request that a sample is of. */
function requestOf(sample: Sample) {
  const { requestContext, rawPath, rawQueryString } = sample
  const headers = Object.entries({ ...sample.headers, ...sample.multiValueHeaders } as Record<
    string,
    string | string[]
  >)
  const own = /^(host|content-length|x-forwarded-.*|x-amzn-trace-id|x-imforwards)$/i
  const given = headers.flatMap(([name, value]) =>
    [value].flat().flatMap((each) => (own.test(name) ? [] : [name, each])),
  )
  if (sample.cookies) given.push('Cookie', sample.cookies.join('; '))
  const parameters = sample.multiValueQueryStringParameters ?? sample.queryStringParameters ?? {}
  const query =
    rawQueryString ??
    new URLSearchParams(Object.entries(parameters).map(([k, v]): [string, string] => [k, String(v)])).toString()
  const body = sample.body || undefined
  return {
    path: `${rawPath ?? sample.path}${query ? `?${query}` : ''}`,
    method: sample.httpMethod ?? requestContext.http?.method ?? '',
    headers: [
      ...given,
      'Host',
      '203.0.113.1.example',
      ...(body ? ['Content-Length', String(Buffer.byteLength(body))] : []),
    ],
    ...(body ? { body } : {}),
  }
}

const without = (all: Shape, prefixes: readonly string[]) =>
  Object.fromEntries(
    Object.entries(all).filter(
      ([key]) => !prefixes.some((each) => (each.endsWith('.') ? key.startsWith(each) : key === each)),
    ),
  )

test.runIf(existsSync(folder)).each(Object.entries(cases))('%s', async (name, given) => {
  const sample = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Sample
  const { authorizer } = sample.requestContext
  const { stageVariables } = sample
  const known = { ...(authorizer && { authorizer }), ...(stageVariables && { stageVariables }) }
  const { send } = await served(
    'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })',
    {
      front: { type: given.front, ...known, ...given.options } as FrontOptions,
      ...(given.http === undefined ? {} : { http: given.http }),
    },
  )
  const { path, ...request } = requestOf(sample)
  const answer = await send(path, request)
  expect(answer.status).toBe(200)
  const ours = shape(JSON.parse(answer.body.toString()))
  const theirs = without(shape(sample), given.beyond)
  for (const key of given.added) if (!key.endsWith('.')) expect(theirs).not.toHaveProperty([key])
  expect(without(ours, given.added)).toEqual(
    Object.fromEntries(
      Object.entries(theirs).map(([key, kind]) => {
        // A placeholder tells no form.
        const placeholder = kind === 'string' && ours[key]?.startsWith('string: ')
        const nobody = unknownCaller.test(key) && ours[key] === 'null'
        return [key, placeholder || nobody ? ours[key] : kind]
      }),
    ),
  )
})

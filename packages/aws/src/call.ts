import { checkOptions } from '@fnware/core/extend'
import { isPassing } from './classify.ts'
import { type Credentials, type CredentialsSource, credentialsFrom } from './credentials.ts'
import { endpointOf, regionOf, type Service } from './endpoint.ts'
import { AwsError } from './errors.ts'
import { type Answer, exchange } from './exchange.ts'
import { signed } from './sign.ts'

export interface AwsOptions {
  /** `AWS_REGION` or `AWS_DEFAULT_REGION` by default. */
  readonly region?: string | undefined
  /** A URL; by default `AWS_ENDPOINT_URL_…` of the service, `AWS_ENDPOINT_URL`, or the service's own in the region. */
  readonly endpoint?: string | undefined
  /** By default the environment's, read at each call, or else those of `AWS_CONTAINER_CREDENTIALS_FULL_URI`. */
  readonly credentials?: CredentialsSource | undefined
  /** How often a call is made at most; 3 by default. */
  readonly attempts?: number | undefined
}

/** Calls an operation that only reads, and so may be made again. Given up when `signal` says so. */
export type Call = <Output>(operation: string, input: object, signal?: AbortSignal) => Promise<Output>

/**
 * Calls to a service of AWS that takes signed JSON, without an SDK client. What is throttled, down or cut off is called up
 * to 3 times, with full jitter between.
 *
 * @example
 * const ssm = awsCalls({ name: 'ssm', target: 'AmazonSSM', id: 'SSM' })
 * const { Parameters } = await ssm<{ Parameters: { Value: string }[] }>('GetParameters', { Names: ['/app/url'] })
 * @throws TypeError on an unknown option; the calls throw an {@link AwsError}, or the reason of their signal where it ended
 * the first
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export const awsCalls = (service: Service, options: AwsOptions = {}): Call => {
  checkAwsOptions('awsCalls()', options)
  const credentials = credentialsFrom(options.credentials)
  const { attempts = 3 } = options
  return async <Output>(operation: string, input: object, signal = AbortSignal.timeout(30_000)): Promise<Output> => {
    let last: unknown
    let wrong: Credentials | undefined
    for (let attempt = 1; ; attempt++) {
      const signedBy = await credentials(wrong)
      try {
        // Signed anew each time: the environment may have been frozen for longer than a signature is good for.
        return (await once(service, operation, input, options, signedBy, signal)) as Output
      } catch (error) {
        // What went wrong before says more than that the time is up.
        if (signal.aborted) throw last ?? signal.reason
        last = error
        if (attempt >= attempts) throw error
        if (isOfCredentials(error) && !wrong) {
          // They ended before they said they would: others may do, and the same would not.
          wrong = signedBy
          if (isSame(signedBy, await credentials(wrong))) throw error
          continue
        }
        if (!isWorthAnother(error)) throw error
        await pause(Math.random() * Math.min(100 * 2 ** attempt, 1000), signal)
        if (signal.aborted) throw error
      }
    }
  }
}

export const checkAwsOptions = (where: string, options: object): void =>
  checkOptions(where, options, { region: 'string', endpoint: 'string', credentials: 'any', attempts: 'number' })

/** Refused for whom it is of, by AWS. */
const isOfCredentials = (error: unknown) =>
  error instanceof AwsError && /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId)/.test(error.code)

const isSame = (a: Credentials, b: Credentials) => a.accessKeyId === b.accessKeyId && a.sessionToken === b.sessionToken

const isWorthAnother = (error: unknown): boolean => {
  if (!(error instanceof AwsError)) return false
  const { code, status = 0 } = error
  return status >= 500 || status === 429 || isPassing(code)
}

const once = async (
  service: Service,
  operation: string,
  input: object,
  options: AwsOptions,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<unknown> => {
  const region = regionOf(options.region)
  const url = endpointOf(service, region, options.endpoint)
  const body = JSON.stringify(input)
  const request = {
    method: 'POST' as const,
    path: url.pathname,
    headers: {
      host: url.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${service.target}.${operation}`,
    },
    body,
  }
  const headers = signed(request, credentials, { service: service.name, region, at: new Date() })
  const about = { service: service.name, operation }
  let answer: Answer
  try {
    answer = await exchange({ method: 'POST', url, headers, body }, signal)
  } catch (error) {
    throw new AwsError(`${service.name}: ${operation} could not be sent: ${(error as Error).message}`, {
      ...about,
      code: 'NetworkError',
      cause: error,
    })
  }
  return outputOf(answer, about)
}

/** The body as JSON; never quoted, whatever it is. */
const outputOf = (answer: Answer, about: { readonly service: string; readonly operation: string }): unknown => {
  const { status, headers } = answer
  const requestId = textOf(headers['x-amzn-requestid'])
  const output = objectIn(answer.body)
  if (status === 200 && output) return output
  const named = textOf(headers['x-amzn-errortype']) ?? textOf(output?.__type) ?? textOf(output?.code)
  // `com.amazon.coral.service#AccessDeniedException:http://…`
  const code = named?.replace(/^.*#|:.*$/g, '')
  // The first line: where a signature is wrong, what was signed follows, and the session token with it.
  const said = (textOf(output?.message) ?? textOf(output?.Message))?.split('\n', 1)[0]
  const reason = code ? `${code}${said ? `: ${said}` : ''}` : 'what is no answer of the service'
  throw new AwsError(`${about.service}: ${about.operation} was answered with ${status}, ${reason}`, {
    ...about,
    status,
    requestId,
    code: code || (status === 429 ? 'TooManyRequests' : 'InvalidAnswer'),
  })
}

const objectIn = (body: string): Record<string, unknown> | undefined => {
  try {
    const value = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** Resolves earlier where the signal ends it. */
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(stop, ms)
    signal.addEventListener('abort', stop)
  })

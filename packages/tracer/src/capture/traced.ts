import type { Details, Failure, Open } from '../engine.ts'
import { resourcesOf } from './aws-resources.ts'
import { failureOfAnswer } from './call.ts'
import { addHeaders } from './headers.ts'
import { tracing } from './tracing.ts'

/** A client of the AWS SDK, version 3. */
export interface AwsClient {
  readonly middlewareStack: object
  readonly config: object
}

/**
 * Has a client of the AWS SDK show what it calls: the operation also where the wire does not tell it (S3, Lambda and
 * others), the table, the queue or the bucket, and how often it was tried. Without it, its requests are shown as they are.
 *
 * @returns the client itself
 * @example const s3 = traced(new S3Client())
 */
export const traced = <Client extends AwsClient>(client: Client): Client => {
  const stack = client.middlewareStack as Stack
  const spans = new WeakMap<object, Open>()
  stack.add(showing(client, spans), { name: 'fnwareTracer', step: 'initialize', priority: 'high', override: true })
  // Innermost, where everything is signed that is to be.
  stack.add(carrying(spans), { name: 'fnwareTraceHeaders', step: 'deserialize', priority: 'low', override: true })
  return client
}

/** What of the SDK's own types is needed. */
interface Stack {
  add(middleware: Middleware, options: object): void
}
type Middleware = (next: (args: Args) => Promise<Result>, context: Context) => (args: Args) => Promise<Result>
interface Args {
  readonly input: object
  readonly request?: unknown
}
interface Context {
  readonly clientName?: string
  readonly commandName?: string
}
interface Metadata {
  readonly httpStatusCode?: number
  readonly requestId?: string
  readonly attempts?: number
}
interface Result {
  readonly output?: { readonly $metadata?: Metadata }
  readonly response?: { readonly headers?: Readonly<Record<string, string>> }
}

const showing =
  ({ config }: AwsClient, spans: WeakMap<object, Open>): Middleware =>
  (next, context) =>
  async (args) => {
    const parent = active()
    if (!parent) return next(args)
    const { clientName = 'AWS', commandName = '' } = context
    const service = clientName.replace(/Client$/, '')
    const operation = commandName.replace(/Command$/, '')
    const aws = { service, operation, resources: resourcesOf(service, args.input) }
    const span = parent.child({ name: service, kind: 'aws', details: { aws } })
    spans.set(context, span)
    const region = await regionOf(config)
    let result: Result
    try {
      // Credentials that have to be fetched for it are shown below it.
      result = await span.run(() => next(args))
    } catch (error) {
      end(span, () => {
        const { $metadata, $response } = Object(error) as { $metadata?: Metadata; $response?: Result['response'] }
        span.details(detailsOf(region, $metadata, $response?.headers))
        return failureOf(error, $metadata?.httpStatusCode)
      })
      throw error
    }
    end(span, () => {
      span.details(detailsOf(region, result.output?.$metadata, result.response?.headers))
      return undefined
    })
    return result
  }

/** What cannot be read of an answer or an error, such as one that a client of the user's own makes, is not shown. */
const end = (span: Open, failure: () => Failure | undefined) => {
  try {
    span.end(failure())
  } catch {
    span.end({ as: 'fault' })
  }
}

const active = (): Open | undefined => {
  for (const calls of tracing()) {
    const span = calls.active()
    if (span) return span
  }
  return undefined
}

/** Where there is none the SDK says so. */
const regionOf = async (config: object): Promise<string | undefined> => {
  const { region } = config as { region?: unknown }
  try {
    const given = typeof region === 'function' ? await region() : region
    return typeof given === 'string' ? given : undefined
  } catch {
    return undefined
  }
}

const detailsOf = (
  region: string | undefined,
  { httpStatusCode: status, requestId, attempts = 1 }: Metadata = {},
  headers: Readonly<Record<string, string>> = {},
): Details => {
  const length = Number(headers['content-length'] ?? Number.NaN)
  return {
    aws: {
      ...(region !== undefined && { region }),
      ...(requestId !== undefined && { requestId }),
      retries: attempts - 1,
    },
    ...(status !== undefined && { http: { status, ...(Number.isSafeInteger(length) && { length }) } }),
  }
}

const failureOf = (error: unknown, status: number | undefined): Failure => {
  const { name, $retryable } = Object(error) as { name?: string; $retryable?: { throttling?: boolean } }
  if ($retryable?.throttling) return { as: 'throttle', error }
  return { as: 'fault', ...(status !== undefined && failureOfAnswer(status, name)), error }
}

/** A request of the SDK's. */
interface Request {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly headers: Record<string, string>
}

const carrying =
  (spans: WeakMap<object, Open>): Middleware =>
  (next, context) =>
  async (args) => {
    const span = spans.get(context)
    const request = args.request as Request | undefined
    if (!span || !request?.headers) return next(args)
    const { headers, hostname, port, method, protocol, path } = request
    const host = port ? `${hostname}:${port}` : hostname
    const nameOf = (name: string) =>
      Object.keys(headers).find((it) => it.toLowerCase() === name) ?? spelled[name] ?? name
    const invocation = headers[nameOf('amz-sdk-invocation-id')] ?? ''
    for (const { shown } of tracing()) shown.add(invocation)
    if (tracing().every((calls) => calls.mayTell(host)))
      addHeaders(
        {
          ...{ method, protocol, host, path },
          header: (name) => headers[nameOf(name)],
          setHeader: (name, value) => {
            headers[nameOf(name)] = value
          },
        },
        span.headers(),
      )
    try {
      return await next(args)
    } finally {
      for (const { shown } of tracing()) shown.delete(invocation)
    }
  }

/** By which the X-Ray SDK, where Powertools has it capture requests as well, knows that one is shown already. */
const spelled: Readonly<Record<string, string>> = { 'x-amzn-trace-id': 'X-Amzn-Trace-Id' }

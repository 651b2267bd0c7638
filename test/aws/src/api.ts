import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from './aws-error.ts'
import { type Backend, unknownOperation } from './backend.ts'
import { type SignedRequest, split } from './canonical.ts'
import { awsJson } from './encode.ts'
import { identityOf } from './identity.ts'
import { misbehave } from './misbehave.ts'
import type { Input, Service } from './service.ts'
import { type Credentials, verify } from './sigv4.ts'

const contentType = 'application/x-amz-json-1.1'

/** AWS's JSON protocol, 1.1: what the SDKs and the CLI speak with all three services. */
export async function serveApi(
  backend: Backend,
  known: { credentials: readonly Credentials[]; region: string; account: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request)
  const signed: SignedRequest = { method: request.method ?? '', url: request.url ?? '', headers: pairs(request), body }
  const [target = '', operation = ''] = split(request.headers['x-amz-target']?.toString() ?? '', '.')
  const service = backend.services.find((each) => each.target === target)
  try {
    if (!service) throw unknown(request)
    const input = inputOf(request, body)
    const identify = () => {
      const { region } = known
      const { credentials } = verify(signed, { credentials: known.credentials, service: service.name, region })
      return identityOf(credentials, known.account)
    }
    const outcome = await backend.perform({ service, operation, input }, identify)
    if (typeof outcome === 'string') return misbehave(outcome, response, contentType)
    answer(response, 200, outcome.result)
  } catch (error) {
    refuse(response, error, service)
  }
}

function answer(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  if (response.destroyed) return
  response
    .writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': randomUUID(), ...headers })
    .end(awsJson(body))
}

function refuse(response: ServerResponse, error: unknown, service: Service | undefined): void {
  const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500)
  const { code, message, status } = known
  const key = service?.messageKey ?? 'message'
  answer(response, status, { __type: code, ...(message && { [key]: message }) }, { 'x-amzn-errortype': code })
}

function inputOf(request: IncomingMessage, body: Buffer): Input {
  const type = split(request.headers['content-type'] ?? '', ';')[0]
  if (type !== contentType) throw unknownOperation(`Send ${contentType}, not ${type}.`)
  try {
    const input: unknown = JSON.parse(body.toString())
    if (input !== null && typeof input === 'object' && !Array.isArray(input)) return input as Input
  } catch {}
  throw new AwsError('SerializationException', 'The body is no JSON object.')
}

function unknown({ method, url, headers }: IncomingMessage): AwsError {
  const protocol = headers['smithy-protocol']
  if (protocol) return unknownOperation(`test-aws speaks ${contentType}, not ${protocol}.`)
  const target = headers['x-amz-target'] ?? 'none'
  return unknownOperation(`${method} ${url} with X-Amz-Target ${target} is no operation that test-aws knows.`)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function pairs({ rawHeaders }: IncomingMessage): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, i) => [rawHeaders[2 * i] ?? '', rawHeaders[2 * i + 1] ?? ''])
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Call } from './calls.ts'
import type { Denials } from './denials.ts'
import type { Faults } from './faults.ts'
import type { ParameterStore } from './parameter-store.ts'
import type { SecretsManager } from './secrets-manager.ts'
import { listen, send } from './server.ts'
import { ServiceError } from './service-error.ts'
import type { Credentials } from './sigv4.ts'

interface Behind {
  readonly credentials: Credentials
  readonly calls: Call[]
  readonly faults: Faults
  readonly denials: Denials
  readonly services: { readonly secretsmanager: SecretsManager; readonly ssm: ParameterStore }
}

export interface Extension {
  readonly port: number
  /** False as in the INIT phase, when it answers nothing yet. */
  ready: boolean
  close(): Promise<void>
}

/**
 * The AWS Parameters and Secrets Lambda Extension.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */
export const extension = async ({ credentials, calls, faults, denials, services }: Behind): Promise<Extension> => {
  const answer = async (request: IncomingMessage, _: Buffer, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const of = (name: string) => searchParams.get(name) ?? undefined
    const token = request.headers['x-aws-parameters-secrets-token']
    if (token === undefined) return void response.writeHead(401).end('missing X-Aws-Parameters-Secrets-Token')
    if (token !== credentials.sessionToken) return void response.writeHead(403).end('invalid token')
    if (!beside.ready) return void response.writeHead(400).end('not ready to serve traffic, please wait')
    const { service, operation, input } = asked(pathname, of)
    if (!service) return void response.writeHead(404).end()
    try {
      const call = { service: 'extension', operation, input, at: Date.now() }
      calls.push(call)
      const ending = await faults.meet(call)
      if (ending === 'hang') return
      if (ending === 'reset') return void request.socket.resetAndDestroy()
      if (ending === 'garbage') return void response.writeHead(200).end('<html>')
      denials.check({ ...call, service })
      const result = services[service].operations[operation]?.(input as never)
      // It gives the answer of Parameter Store with the metadata of its client's call.
      send(response, 200, service === 'ssm' ? { ...result, ResultMetadata: {} } : result)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      response
        .writeHead(error.status)
        .end(
          `operation error ${operation}: https response error StatusCode: ${error.status}, ${error.code}: ${error.message}`,
        )
    }
  }
  const { url, close } = await listen(answer)
  const beside: Extension = { port: Number(new URL(url).port), ready: true, close }
  return beside
}

interface Asked {
  readonly service?: 'secretsmanager' | 'ssm'
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

const asked = (pathname: string, of: (name: string) => string | undefined): Asked => {
  if (pathname === '/secretsmanager/get') {
    const input = { SecretId: of('secretId'), VersionId: of('versionId'), VersionStage: of('versionStage') }
    return { service: 'secretsmanager', operation: 'GetSecretValue', input }
  }
  if (pathname !== '/systemsmanager/parameters/get') return { operation: '', input: {} }
  const selector = of('version') ?? of('label')
  const input = {
    Name: `${of('name')}${selector ? `:${selector}` : ''}`,
    WithDecryption: of('withDecryption') === 'true',
  }
  return { service: 'ssm', operation: 'GetParameter', input }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from './calls.ts'
import { Denials } from './denials.ts'
import { extension } from './extension.ts'
import { type Fault, Faults, type Where } from './faults.ts'
import { Kms } from './kms.ts'
import { ParameterStore } from './parameter-store.ts'
import { SecretsManager } from './secrets-manager.ts'
import { listen, send } from './server.ts'
import { ServiceError } from './service-error.ts'
import { type Credentials, verify } from './sigv4.ts'

export interface AwsOptions {
  /** The only ones that are taken; with a session token by default, as on Lambda. */
  readonly credentials?: Credentials
  readonly region?: string
  /** ms added to every answer. */
  readonly latency?: number
}

export interface Aws {
  readonly endpoint: string
  /** Where the Parameters and Secrets extension listens. */
  readonly extension: { readonly port: number; ready: boolean }
  readonly region: string
  readonly credentials: Credentials
  /** What leads a process here: endpoint, region, credentials. */
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: SecretsManager
  readonly parameters: ParameterStore
  readonly kms: Kms
  /** Every call so far, the extension's too. Empty it at will. */
  readonly calls: Call[]
  latency: number
  fail(where: Where, fault: Fault): void
  /** Denies an operation, of one resource or of all. */
  deny(operation: string, resource?: string): void
  /** Takes back all that was given to `fail` and `deny`. */
  heal(): void
  close(): Promise<void>
}

const lambdaLike: Credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
}

/** Starts Secrets Manager, Parameter Store and KMS behind one endpoint, and the extension before them. */
export const startAws = async (options: AwsOptions = {}): Promise<Aws> => {
  const { credentials = lambdaLike, region = 'eu-west-1' } = options
  const faults = new Faults()
  const denials = new Denials(region)
  const calls: Call[] = []
  const services = {
    secretsmanager: new SecretsManager(region),
    ssm: new ParameterStore(region),
    kms: new Kms(region),
  }

  const answer = async (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const [target = '', operation = ''] = `${request.headers['x-amz-target']}`.split('.')
    const service = targets[target]
    try {
      const run = service && services[service].operations[operation]
      if (!service || !run) throw new ServiceError('UnknownOperationException', '')
      const { method = '', url = '', headers } = request
      verify({ method, url, headers, body }, { credentials, service, region, now: Date.now() })
      const input = JSON.parse(body.toString())
      const call = { service, operation, input, at: Date.now() }
      calls.push(call)
      await sleep(aws.latency)
      const ending = await faults.meet(call)
      if (ending === 'hang') return
      if (ending === 'reset') request.socket.resetAndDestroy()
      else if (ending === 'garbage') response.writeHead(200).end('<html>')
      else {
        denials.check(call)
        send(response, 200, run(input))
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      const { code, message, status } = error
      send(response, status, { __type: code, ...(message && { message }) }, { 'x-amzn-errortype': code })
    }
  }

  const front = await listen(answer)
  const beside = await extension({ credentials, calls, faults, denials, services })
  const aws: Aws = {
    endpoint: front.url,
    extension: beside,
    region,
    credentials,
    environment: {
      AWS_ENDPOINT_URL: front.url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    },
    secrets: services.secretsmanager,
    parameters: services.ssm,
    kms: services.kms,
    calls,
    latency: options.latency ?? 0,
    fail: (where, fault) => faults.add(where, fault),
    deny: (operation, resource) => denials.add(operation, resource),
    heal: () => {
      faults.clear()
      denials.clear()
    },
    close: async () => {
      await Promise.all([front.close(), beside.close()])
    },
  }
  return aws
}

const targets: { readonly [target: string]: 'secretsmanager' | 'ssm' | 'kms' | undefined } = {
  secretsmanager: 'secretsmanager',
  AmazonSSM: 'ssm',
  TrentService: 'kms',
}

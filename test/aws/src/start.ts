import { serveApi } from './api.ts'
import { Backend } from './backend.ts'
import type { Calls } from './calls.ts'
import { Extension } from './extension.ts'
import type { Fault, Where } from './faults.ts'
import { identityOf } from './identity.ts'
import type { Kms } from './kms.ts'
import type { ParameterStore } from './parameter-store.ts'
import { Port } from './port.ts'
import type { SecretsManager } from './secrets-manager.ts'
import type { Credentials } from './sigv4.ts'

const account = '123456789012'

const lambdaLike: Credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE+/=TOKEN',
}

export interface AwsOptions {
  /** The only ones that are taken; with a session token by default, as on Lambda. */
  readonly credentials?: Credentials
  /** By default `eu-west-1`. */
  readonly region?: string
  /** ms added to every answer. */
  readonly latency?: number
}

/** Secrets Manager, Parameter Store and KMS behind one endpoint, and the Parameters and Secrets extension before them. */
export class Aws {
  readonly region: string
  readonly extension: Extension
  readonly #backend: Backend
  readonly #api: Port
  readonly #credentials: Credentials[]

  constructor({ credentials = lambdaLike, region = 'eu-west-1', latency = 0 }: AwsOptions = {}) {
    this.region = region
    this.#credentials = [credentials]
    this.#backend = new Backend(region, account)
    this.#backend.latency = latency
    const known = { credentials: this.#credentials, region, account }
    this.#api = new Port((request, response) => serveApi(this.#backend, known, request, response))
    this.extension = new Extension(this.#backend, () => ({
      token: this.credentials.sessionToken,
      identity: identityOf(this.credentials, account),
    }))
  }

  get endpoint(): string {
    return this.#api.url
  }

  /** The newest that are taken. */
  get credentials(): Credentials {
    return this.#credentials.at(-1) as Credentials
  }

  /** What leads a process here, with SDKs, the CLI, and the extension's port. */
  get environment(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
      PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(this.extension.port),
    }
  }

  get secrets(): SecretsManager {
    return this.#backend.secrets
  }

  get parameters(): ParameterStore {
    return this.#backend.parameters
  }

  get kms(): Kms {
    return this.#backend.kms
  }

  /** Every call so far, the extension's too. Empty it at will. */
  get calls(): Calls {
    return this.#backend.calls
  }

  /** How many connections to the endpoint have been made so far. */
  get connections(): number {
    return this.#api.connections
  }

  get latency(): number {
    return this.#backend.latency
  }

  set latency(milliseconds: number) {
    this.#backend.latency = milliseconds
  }

  /** Lets calls go wrong. @returns what takes it back */
  fail(where: Where, fault: Fault): () => void {
    return this.#backend.faults.add(where, fault)
  }

  /**
   * `deny('GetSecretValue', 'prod/*')`, `deny('kms:Decrypt')`: an action, of one resource (its name, its ARN, or a pattern
   * of either) or of all.
   *
   * @returns what takes it back
   */
  deny(action: string, resource = '*'): () => void {
    return this.#backend.access.deny(action, resource)
  }

  /** Takes back all that was given to `fail` and `deny`. */
  heal(): void {
    this.#backend.faults.clear()
    this.#backend.access.clear()
  }

  /** From now on AWS calls its newest credentials expired. */
  expireCredentials(): void {
    this.#credentials.push({ ...(this.#credentials.pop() as Credentials), expiresAt: Date.now() })
  }

  /** Others are taken too, and told by `environment`. */
  addCredentials(credentials: Credentials): void {
    this.#credentials.push(credentials)
  }

  /** Nobody listens at the endpoint, until `up()`. */
  down(): Promise<void> {
    return this.#api.close()
  }

  async up(): Promise<void> {
    await this.#api.open()
  }

  /** Closes the connections that are kept alive, as AWS does while a function is frozen. */
  dropConnections(): void {
    this.#api.drop()
  }

  /** @internal */
  async open(): Promise<this> {
    await Promise.all([this.#api.open(), this.extension.open()])
    return this
  }

  async close(): Promise<void> {
    await Promise.all([this.#api.close(), this.extension.close()])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Starts Secrets Manager, Parameter Store and KMS behind one endpoint, and the extension before them. */
export const startAws = (options: AwsOptions = {}): Promise<Aws> => new Aws(options).open()

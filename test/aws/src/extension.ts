import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from './aws-error.ts'
import type { Asked, Backend } from './backend.ts'
import { goJson } from './encode.ts'
import { misbehave } from './misbehave.ts'
import { Port } from './port.ts'
import type { Input } from './service.ts'

/** The function that it serves. */
export interface Beside {
  /** The session token. */
  readonly token: string | undefined
  /** The ARN of the role. */
  readonly identity: string
}

/**
 * The AWS Parameters and Secrets Lambda extension: a cache in front of two operations. What AWS does not document, the
 * status and the text of a refusal, is as its users report it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */
export class Extension {
  /** False as in the INIT phase, when it answers nothing yet. */
  ready = true
  /** Seconds for which it keeps what it has fetched. AWS's keeps it for 300, unless `SECRETS_MANAGER_TTL` says otherwise. */
  ttl = 0
  readonly #server: Port
  readonly #backend: Backend
  readonly #beside: () => Beside
  readonly #cache = new Map<string, { readonly body: string; readonly until: number }>()

  constructor(backend: Backend, beside: () => Beside) {
    this.#backend = backend
    this.#beside = beside
    this.#server = new Port((request, response) => this.#serve(request, response))
  }

  get port(): number {
    return this.#server.number
  }

  get url(): string {
    return this.#server.url
  }

  /** Its cache is empty again, as after a cold start. */
  forget(): void {
    this.#cache.clear()
  }

  async open(): Promise<void> {
    await this.#server.open()
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body: string, type = 'text/plain') => {
      if (!response.destroyed) response.writeHead(status, { 'content-type': type }).end(body)
    }
    const { token, identity } = this.#beside()
    const given = request.headers['x-aws-parameters-secrets-token']
    if (given === undefined) return say(401, 'endpoint requires the X-Aws-Parameters-Secrets-Token header')
    if (given !== token) return say(403, 'the X-Aws-Parameters-Secrets-Token header is not the session token')
    if (!this.ready) return say(400, 'not ready to serve traffic, please wait')
    const asked = this.#asked(request)
    if (!asked) return say(404, '404 page not found')
    const key = JSON.stringify([asked.operation, asked.input])
    const kept = this.#cache.get(key)
    if (kept && Date.now() < kept.until) return say(200, kept.body, 'application/json')
    try {
      const outcome = await this.#backend.perform(asked, () => identity)
      if (typeof outcome === 'string') return misbehave(outcome, response, 'application/json')
      const body = goJson({ ...outcome.result, ResultMetadata: {} })
      this.#cache.set(key, { body, until: Date.now() + this.ttl * 1000 })
      say(200, body, 'application/json')
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      const { code, message, status } = error
      say(status, `operation error ${asked.operation}: https response error StatusCode: ${status}, ${code}: ${message}`)
    }
  }

  #asked({ method, url }: IncomingMessage): Asked | undefined {
    const { pathname, searchParams } = new URL(url ?? '/', this.url)
    const of = (name: string) => searchParams.get(name) ?? undefined
    if (method !== 'GET') return undefined
    if (pathname === '/secretsmanager/get') {
      const input = { SecretId: of('secretId'), VersionId: of('versionId'), VersionStage: of('versionStage') }
      return { service: this.#backend.secrets, operation: 'GetSecretValue', input: given(input), as: 'extension' }
    }
    if (pathname !== '/systemsmanager/parameters/get') return undefined
    const selector = of('version') ?? of('label')
    const input = {
      Name: selector === undefined ? of('name') : `${of('name')}:${selector}`,
      WithDecryption: of('withDecryption') === 'true' || undefined,
    }
    return { service: this.#backend.parameters, operation: 'GetParameter', input: given(input), as: 'extension' }
  }
}

const given = (input: Input): Input =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))

import { randomUUID } from 'node:crypto'
import { ServiceError } from './service-error.ts'

interface Version {
  readonly id: string
  readonly text?: string
  readonly binary?: string
  readonly created: number
  stages: string[]
}
interface Secret {
  readonly name: string
  readonly arn: string
  readonly versions: Version[]
}
export type Value = string | Uint8Array | object
/** The members of the requests. */
interface Input {
  readonly Name: string
  readonly SecretId: string
  readonly SecretIdList?: readonly string[]
  readonly SecretString: string
  readonly SecretBinary?: string
  readonly VersionId?: string
  readonly VersionStage?: string
  readonly VersionStages?: readonly string[]
  readonly MoveToVersionId?: string
  readonly Filters?: unknown
}

/** Secrets Manager: versions and their stages as the service moves them. */
export class SecretsManager {
  readonly #secrets = new Map<string, Secret>()
  readonly #arn: string

  constructor(region: string) {
    this.#arn = `arn:aws:secretsmanager:${region}:123456789012:secret:`
  }

  /** A text as it is, bytes as a binary secret, an object as JSON. */
  create(name: string, value: Value): void {
    if (this.#secrets.has(name))
      throw new ServiceError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      )
    this.#secrets.set(name, { name, arn: `${this.#arn}${name}-AbCdEf`, versions: [] })
    this.put(name, value)
  }

  /** A new version, current unless other stages are given; what was current becomes the previous one. */
  put(name: string, value: Value, stages: readonly string[] = ['AWSCURRENT']): string {
    const secret = this.#find(name)
    const version: Version = { id: randomUUID(), ...written(value), created: Date.now() / 1000, stages: [] }
    secret.versions.push(version)
    for (const stage of stages) this.#move(secret, stage, version)
    return version.id
  }

  /** What ends a rotation: a pending version becomes the current one. */
  finish(name: string): void {
    const secret = this.#find(name)
    const pending = secret.versions.find(({ stages }) => stages.includes('AWSPENDING'))
    if (!pending) throw new Error(`${name} has no pending version`)
    this.#move(secret, 'AWSCURRENT', pending)
    pending.stages = pending.stages.filter((stage) => stage !== 'AWSPENDING')
  }

  delete(name: string): void {
    this.#secrets.delete(this.#find(name).name)
  }

  readonly operations: { readonly [operation: string]: (input: Input) => object } = {
    CreateSecret: ({ Name, SecretString, SecretBinary }) => {
      this.create(Name, SecretBinary === undefined ? SecretString : Buffer.from(SecretBinary, 'base64'))
      return this.#described(this.#find(Name))
    },
    PutSecretValue: ({ SecretId, SecretString, SecretBinary, VersionStages }) => {
      const id = this.put(
        SecretId,
        SecretBinary === undefined ? SecretString : Buffer.from(SecretBinary, 'base64'),
        VersionStages,
      )
      const { arn, name } = this.#find(SecretId)
      return { ARN: arn, Name: name, VersionId: id, VersionStages: VersionStages ?? ['AWSCURRENT'] }
    },
    UpdateSecretVersionStage: ({ SecretId, VersionStage = '', MoveToVersionId }) => {
      const secret = this.#find(SecretId)
      const version = secret.versions.find(({ id }) => id === MoveToVersionId)
      if (!version) throw notFound()
      this.#move(secret, VersionStage, version)
      return { ARN: secret.arn, Name: secret.name }
    },
    GetSecretValue: (input) => this.#value(input),
    BatchGetSecretValue: ({ SecretIdList: ids = [], Filters }) => {
      if (Filters) throw new ServiceError('InvalidParameterException', 'This stand-in takes SecretIdList alone.')
      if (ids.length === 0 || ids.length > 20)
        throw new ServiceError(
          'ValidationException',
          "1 validation error detected: Value at 'secretIdList' failed to satisfy constraint: Member must have length less than or equal to 20",
        )
      const [values, errors]: [object[], object[]] = [[], []]
      for (const SecretId of ids)
        try {
          values.push(this.#value({ SecretId }))
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error
          errors.push({ SecretId, ErrorCode: error.code, Message: error.message })
        }
      return { SecretValues: values, Errors: errors }
    },
    DescribeSecret: ({ SecretId }) => {
      const secret = this.#find(SecretId)
      return {
        ...this.#described(secret),
        VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
      }
    },
    DeleteSecret: ({ SecretId }) => {
      const { arn, name } = this.#find(SecretId)
      this.delete(name)
      return { ARN: arn, Name: name, DeletionDate: Date.now() / 1000 }
    },
  }

  #value({ SecretId, VersionId, VersionStage }: Pick<Input, 'SecretId' | 'VersionId' | 'VersionStage'>): object {
    const { arn, name, versions } = this.#find(SecretId)
    const version = versions.find(({ id, stages }) =>
      VersionId === undefined || VersionStage !== undefined
        ? stages.includes(VersionStage ?? 'AWSCURRENT') && (VersionId === undefined || id === VersionId)
        : id === VersionId,
    )
    if (!version)
      throw notFound(VersionId ? `VersionId: ${VersionId}` : `staging label: ${VersionStage ?? 'AWSCURRENT'}`)
    return {
      ARN: arn,
      Name: name,
      VersionId: version.id,
      ...(version.text === undefined ? { SecretBinary: version.binary } : { SecretString: version.text }),
      VersionStages: version.stages,
      CreatedDate: version.created,
    }
  }

  #find(id: string): Secret {
    const secret = [...this.#secrets.values()].find(({ name, arn }) => id === name || id === arn)
    if (!secret) throw notFound()
    return secret
  }

  #described({ arn, name, versions }: Secret) {
    return { ARN: arn, Name: name, VersionId: versions.at(-1)?.id }
  }

  #move(secret: Secret, stage: string, version: Version) {
    const holder = secret.versions.find(({ stages }) => stages.includes(stage))
    for (const each of secret.versions) each.stages = each.stages.filter((other) => other !== stage)
    version.stages.push(stage)
    if (stage === 'AWSCURRENT' && holder && holder !== version) this.#move(secret, 'AWSPREVIOUS', holder)
  }
}

const written = (value: Value) => {
  if (typeof value === 'string') return { text: value }
  return value instanceof Uint8Array
    ? { binary: Buffer.from(value).toString('base64') }
    : { text: JSON.stringify(value) }
}

const notFound = (which?: string) =>
  new ServiceError(
    'ResourceNotFoundException',
    which
      ? `Secrets Manager can't find the specified secret value for ${which}`
      : "Secrets Manager can't find the specified secret.",
  )

import { randomBytes } from 'node:crypto'
import { AwsError } from './aws-error.ts'
import { Secret, type SecretContent, type SecretVersion } from './secret.ts'
import {
  atMost,
  type Caller,
  type Input,
  optionalBytes,
  optionalText,
  optionalTexts,
  type Service,
  text,
} from './service.ts'

/** `stages` are by default AWSCURRENT alone. */
export interface PutOptions {
  readonly stages?: readonly string[]
  readonly versionId?: string
}

/** A string stays as it is, an object becomes JSON, bytes become a `SecretBinary`. */
export type SecretValue = string | object | Uint8Array

export class SecretsManager implements Service {
  readonly name = 'secretsmanager'
  readonly target = 'secretsmanager'
  readonly messageKey = 'Message'
  readonly operations: Service['operations'] = {
    CreateSecret: (input, caller) => this.#create(input, caller),
    PutSecretValue: (input, caller) => this.#put(input, caller),
    UpdateSecretVersionStage: (input, caller) => this.#updateStage(input, caller),
    GetSecretValue: (input, caller) => this.#get(input, caller),
    BatchGetSecretValue: (input, caller) => this.#batchGet(input, caller),
    DescribeSecret: (input, caller) => this.#describe(input, caller),
    DeleteSecret: (input, caller) => this.#delete(input, caller),
  }
  /** How many secrets an answer of BatchGetSecretValue holds before it goes on by `NextToken`. */
  batchPage = 20
  readonly #secrets = new Map<string, Secret>()
  readonly #arnPrefix: string

  constructor(region: string, account: string) {
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${account}:secret:`
  }

  /** @throws {AwsError} `ResourceExistsException` */
  create(name: string, value?: SecretValue, options: { versionId?: string } = {}): Secret {
    const existing = this.#secrets.get(name)
    if (existing?.deleted) {
      throw new AwsError(
        'InvalidRequestException',
        `You can't create this secret because a secret with this name is already scheduled for deletion.`,
      )
    }
    if (existing)
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
    const suffix = randomBytes(6).toString('hex').slice(0, 6)
    const secret = new Secret(name, `${this.#arnPrefix}${name}-${suffix}`)
    if (value !== undefined) secret.put(contentOf(value), undefined, options.versionId)
    this.#secrets.set(name, secret)
    return secret
  }

  /** A new version. By default it becomes AWSCURRENT, and what was current becomes AWSPREVIOUS. @returns its version id */
  put(id: string, value: SecretValue, options: PutOptions | readonly string[] = {}): string {
    const { stages, versionId } = 'length' in options ? { stages: options } : options
    return this.find(id).put(contentOf(value), stages, versionId).id
  }

  /** What ends a rotation: the pending version becomes the current one, and is no longer pending. */
  finish(id: string): void {
    const secret = this.find(id)
    const pending = secret.version(undefined, 'AWSPENDING')
    secret.attach('AWSCURRENT', pending)
    pending.stages.delete('AWSPENDING')
  }

  /** As if it had never been; or, while it can be recovered, marked for deletion. */
  delete(id: string, options: { recoverable?: boolean } = {}): void {
    const secret = this.find(id)
    if (options.recoverable) secret.deleted = new Date(Date.now() + 30 * 24 * 3600 * 1000)
    else this.#secrets.delete(secret.name)
  }

  /** By name, by ARN, or by ARN without the six characters that AWS adds. @throws {AwsError} */
  find(id: string): Secret {
    const secret = [...this.#secrets.values()].find(
      ({ name, arn }) => id === name || id === arn || id === `${this.#arnPrefix}${name}`,
    )
    if (secret) return secret
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret.`)
  }

  #alive(input: Input, action: string, caller: Caller): Secret {
    const id = text(input, 'SecretId')
    this.#authorize(action, id, caller)
    const secret = this.find(id)
    if (!secret.deleted) return secret
    throw new AwsError(
      'InvalidRequestException',
      `You can't perform this operation on the secret because it was marked for deletion.`,
    )
  }

  /** A rule may name the secret or its ARN. Authorisation comes before existence: who may not read learns nothing. */
  #authorize(action: string, id: string, caller: Caller): void {
    caller.authorize(`secretsmanager:${action}`, id)
    try {
      const { arn, name } = this.find(id)
      for (const other of [arn, name]) if (other !== id) caller.authorize(`secretsmanager:${action}`, other)
    } catch (error) {
      if ((error as AwsError).code !== 'ResourceNotFoundException') throw error
    }
  }

  #create(input: Input, caller: Caller): object {
    const name = text(input, 'Name')
    caller.authorize('secretsmanager:CreateSecret', name)
    const content = optionalContent(input)
    const secret = this.create(name)
    const version = content && secret.put(content, undefined, optionalText(input, 'ClientRequestToken'))
    return { ARN: secret.arn, Name: name, VersionId: version?.id }
  }

  #put(input: Input, caller: Caller): object {
    const secret = this.#alive(input, 'PutSecretValue', caller)
    const content = optionalContent(input)
    if (!content)
      throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.')
    const token = optionalText(input, 'ClientRequestToken')
    const version = secret.put(content, optionalTexts(input, 'VersionStages'), token)
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] }
  }

  #updateStage(input: Input, caller: Caller): object {
    const secret = this.#alive(input, 'UpdateSecretVersionStage', caller)
    const [from, to] = [optionalText(input, 'RemoveFromVersionId'), optionalText(input, 'MoveToVersionId')]
    secret.move(text(input, 'VersionStage'), from, to)
    return { ARN: secret.arn, Name: secret.name }
  }

  #get(input: Input, caller: Caller): object {
    const secret = this.#alive(input, 'GetSecretValue', caller)
    return answerWith(secret, secret.version(optionalText(input, 'VersionId'), optionalText(input, 'VersionStage')))
  }

  /** Permission is needed twice: for the batch, and to get each secret. One that cannot be had is among the errors. */
  #batchGet(input: Input, caller: Caller): object {
    caller.authorize('secretsmanager:BatchGetSecretValue', '*')
    if (input.Filters !== undefined) {
      throw new AwsError(
        'InvalidParameterException',
        'test-aws does not know Filters of BatchGetSecretValue: give a SecretIdList.',
      )
    }
    if (input.MaxResults !== undefined) {
      throw new AwsError('InvalidParameterException', `You can't use MaxResults without Filters.`)
    }
    const ids = atMost(optionalTexts(input, 'SecretIdList') ?? [], 'SecretIdList', 20)
    if (ids.length === 0)
      throw new AwsError('InvalidParameterException', 'You must provide either SecretIdList or Filters.')
    const start = Number(optionalText(input, 'NextToken') ?? 0)
    if (!Number.isInteger(start)) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.')
    const end = start + this.batchPage
    const values: object[] = []
    const errors: object[] = []
    for (const id of ids.slice(start, end)) {
      try {
        values.push(this.#get({ SecretId: id }, caller))
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message })
      }
    }
    return { SecretValues: values, Errors: errors, NextToken: end < ids.length ? String(end) : undefined }
  }

  #describe(input: Input, caller: Caller): object {
    const id = text(input, 'SecretId')
    this.#authorize('DescribeSecret', id, caller)
    const { arn, name, created, changed, deleted, versions } = this.find(id)
    const staged = [...versions.values()].filter(({ stages }) => stages.size > 0)
    return {
      ARN: arn,
      Name: name,
      CreatedDate: created,
      LastChangedDate: changed,
      DeletedDate: deleted,
      VersionIdsToStages: Object.fromEntries(staged.map((version) => [version.id, [...version.stages]])),
    }
  }

  #delete(input: Input, caller: Caller): object {
    const secret = this.#alive(input, 'DeleteSecret', caller)
    this.delete(secret.name, { recoverable: input.ForceDeleteWithoutRecovery !== true })
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deleted ?? new Date() }
  }
}

const answerWith = ({ arn, name }: Secret, { id, content, stages, created }: SecretVersion): object => ({
  ARN: arn,
  Name: name,
  VersionId: id,
  ...content,
  VersionStages: [...stages],
  CreatedDate: created,
})

function contentOf(value: SecretValue): SecretContent {
  if (value instanceof Uint8Array) return { SecretBinary: value }
  return { SecretString: typeof value === 'string' ? value : JSON.stringify(value) }
}

function optionalContent(input: Input): SecretContent | undefined {
  const [string, binary] = [optionalText(input, 'SecretString'), optionalBytes(input, 'SecretBinary')]
  if (string !== undefined && binary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      `You can't specify both a binary secret value and a string secret value in the same secret.`,
    )
  }
  if (string !== undefined) return { SecretString: string }
  return binary && { SecretBinary: binary }
}

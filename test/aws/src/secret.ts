import { randomUUID } from 'node:crypto'
import { AwsError } from './aws-error.ts'

export type SecretContent = { readonly SecretString: string } | { readonly SecretBinary: Uint8Array }

export interface SecretVersion {
  readonly id: string
  readonly content: SecretContent
  readonly created: Date
  readonly stages: Set<string>
}

const current = 'AWSCURRENT'
const previous = 'AWSPREVIOUS'

/** A secret's versions, and the staging labels that move among them. */
export class Secret {
  readonly name: string
  readonly arn: string
  readonly created: Date = new Date()
  readonly versions: Map<string, SecretVersion> = new Map()
  changed: Date = new Date()
  deleted: Date | undefined

  constructor(name: string, arn: string) {
    this.name = name
    this.arn = arn
  }

  /** A new version takes its labels from the others. The first is always current. */
  put(content: SecretContent, stages: readonly string[] = [current], token: string = randomUUID()): SecretVersion {
    const known = this.versions.get(token)
    if (known) {
      if (same(known.content, content)) return known
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${this.arn}.`,
      )
    }
    const version: SecretVersion = { id: token, content, created: new Date(), stages: new Set() }
    const first = this.versions.size === 0
    this.versions.set(token, version)
    for (const stage of new Set(first ? [current, ...stages] : stages)) this.attach(stage, version)
    this.changed = new Date()
    return version
  }

  /** What was current becomes previous whenever AWSCURRENT moves. */
  attach(stage: string, to: SecretVersion): void {
    const from = this.at(stage)
    if (from === to) return
    from?.stages.delete(stage)
    to.stages.add(stage)
    if (stage === current && from) this.attach(previous, from)
    this.changed = new Date()
  }

  at(stage: string): SecretVersion | undefined {
    return [...this.versions.values()].find(({ stages }) => stages.has(stage))
  }

  /** @throws {AwsError} */
  version(id?: string, stage?: string): SecretVersion {
    const version = id ? this.versions.get(id) : this.at(stage ?? current)
    if (!version) {
      const what = id ? `VersionId: ${id}` : `staging label: ${stage ?? current}`
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${what}`,
      )
    }
    if (stage && !version.stages.has(stage)) {
      throw new AwsError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      )
    }
    return version
  }

  /** @throws {AwsError} */
  move(stage: string, removeFrom?: string, moveTo?: string): void {
    const from = this.at(stage)
    const to = moveTo === undefined ? undefined : this.version(moveTo)
    if (from && from !== to && removeFrom !== from.id) {
      throw new AwsError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${from.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      )
    }
    if (!to && stage === current) {
      throw new AwsError(
        'InvalidParameterException',
        `You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.`,
      )
    }
    if (to) this.attach(stage, to)
    else from?.stages.delete(stage)
  }
}

function same(a: SecretContent, b: SecretContent): boolean {
  if ('SecretString' in a) return 'SecretString' in b && a.SecretString === b.SecretString
  return 'SecretBinary' in b && Buffer.compare(a.SecretBinary, b.SecretBinary) === 0
}

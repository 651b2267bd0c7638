import { AwsError } from './aws-error.ts'

export type ParameterType = 'String' | 'StringList' | 'SecureString'

export interface ParameterVersion {
  readonly version: number
  readonly type: ParameterType
  /** What is stored: of a SecureString, the ciphertext. */
  readonly value: string
  readonly modified: Date
  readonly labels: Set<string>
}

/** A parameter's versions, and the labels that move among them. */
export class Parameter {
  readonly name: string
  readonly arn: string
  readonly versions: ParameterVersion[] = []

  constructor(name: string, arn: string) {
    this.name = name
    this.arn = arn
  }

  get latest(): ParameterVersion {
    return this.versions.at(-1) as ParameterVersion
  }

  add(type: ParameterType, value: string): ParameterVersion {
    const version = { version: this.versions.length + 1, type, value, modified: new Date(), labels: new Set<string>() }
    this.versions.push(version)
    return version
  }

  /** By number or label; without one, the latest. @throws {AwsError} */
  select(selector?: string): ParameterVersion {
    if (selector === undefined) return this.latest
    const chosen = /^\d+$/.test(selector)
      ? this.versions[Number(selector) - 1]
      : this.versions.find(({ labels }) => labels.has(selector))
    if (chosen) return chosen
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${this.name}. Verify the version and try again.`,
    )
  }

  /** A label is on one version at a time. @returns the labels that are none */
  label(version: ParameterVersion, labels: readonly string[]): string[] {
    const valid = labels.filter((label) => /^[A-Za-z_.-][\w.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label))
    for (const label of valid) {
      for (const each of this.versions) each.labels.delete(label)
      version.labels.add(label)
    }
    return labels.filter((label) => !valid.includes(label))
  }
}

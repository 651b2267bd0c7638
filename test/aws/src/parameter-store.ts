import { ServiceError } from './service-error.ts'

export type ParameterType = 'String' | 'StringList' | 'SecureString'

interface Version {
  readonly version: number
  readonly value: string
  readonly modified: number
  labels: string[]
}
interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly versions: Version[]
}
/** The members of the requests. */
interface Input {
  readonly Name: string
  readonly Names?: readonly string[]
  readonly Path: string
  readonly Value: string
  readonly Type?: ParameterType
  readonly Overwrite?: boolean
  readonly Labels?: readonly string[]
  readonly ParameterVersion: number
  readonly WithDecryption?: boolean
  readonly Recursive?: boolean
  readonly MaxResults?: number
  readonly NextToken?: string
}

/** Systems Manager's Parameter Store. */
export class ParameterStore {
  readonly #parameters = new Map<string, Parameter>()
  readonly #arn: string

  constructor(region: string) {
    this.#arn = `arn:aws:ssm:${region}:123456789012:parameter`
  }

  /** A new version, whose number is given back. */
  put(name: string, value: string, type: ParameterType = 'String'): number {
    const parameter = this.#parameters.get(name) ?? { name, type, versions: [] }
    this.#parameters.set(name, parameter)
    const version = parameter.versions.length + 1
    parameter.versions.push({ version, value, modified: Date.now() / 1000, labels: [] })
    return version
  }
  label(name: string, version: number, ...labels: string[]): void {
    const parameter = this.#parameters.get(name)
    for (const each of parameter?.versions ?? []) {
      each.labels = each.labels.filter((label) => !labels.includes(label))
      if (each.version === version) each.labels.push(...labels)
    }
  }
  delete(name: string): void {
    this.#parameters.delete(name)
  }

  readonly operations: { readonly [operation: string]: (input: Input) => object } = {
    PutParameter: ({ Name, Value, Type, Overwrite }) => {
      if (this.#parameters.has(Name) && !Overwrite)
        throw new ServiceError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        )
      return { Version: this.put(Name, Value, Type), Tier: 'Standard' }
    },
    LabelParameterVersion: ({ Name, ParameterVersion, Labels }) => {
      this.label(Name, ParameterVersion, ...(Labels ?? []))
      return { InvalidLabels: [], ParameterVersion }
    },
    GetParameter: ({ Name, WithDecryption }) => {
      const found = this.#find(Name, WithDecryption)
      if (!found) throw new ServiceError('ParameterNotFound', '')
      return { Parameter: found }
    },
    GetParameters: ({ Names: names = [], WithDecryption }) => {
      if (names.length === 0 || names.length > 10)
        throw new ServiceError(
          'ValidationException',
          "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
        )
      const found = names.map((name) => this.#find(name, WithDecryption))
      return { Parameters: found.filter(Boolean), InvalidParameters: names.filter((_, i) => !found[i]) }
    },
    GetParametersByPath: ({ Path, Recursive, WithDecryption, MaxResults = 10, NextToken }) => {
      if (MaxResults > 10)
        throw new ServiceError(
          'ValidationException',
          "Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10",
        )
      const prefix = Path.endsWith('/') ? Path : `${Path}/`
      const names = [...this.#parameters.keys()]
        .filter((name) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/')))
        .sort()
      const from = NextToken ? Number(NextToken) : 0
      const next = from + MaxResults
      return {
        Parameters: names.slice(from, next).map((name) => this.#find(name, WithDecryption)),
        ...(next < names.length && { NextToken: String(next) }),
      }
    },
  }

  /** By a name or an ARN, with `:3` or `:label` behind it or not. */
  #find(asked: string, decrypted: boolean | undefined): object | undefined {
    const [name = '', selector] = asked.startsWith(this.#arn)
      ? asked.slice(this.#arn.length).split(':')
      : asked.split(':')
    const parameter = this.#parameters.get(name)
    const version = parameter?.versions.findLast(
      ({ version, labels }) => selector === undefined || String(version) === selector || labels.includes(selector),
    )
    if (!parameter || !version) return undefined
    const hidden = parameter.type === 'SecureString' && !decrypted
    return {
      Name: name,
      Type: parameter.type,
      Value: hidden ? `AQICAHi${Buffer.from(name).toString('base64')}` : version.value,
      Version: version.version,
      ...(selector !== undefined && { Selector: `:${selector}` }),
      LastModifiedDate: version.modified,
      ARN: `${this.#arn}${name}`,
      DataType: 'text',
    }
  }
}

import { AwsError } from './aws-error.ts'
import type { Kms, KmsKey } from './kms.ts'
import { Parameter, type ParameterType } from './parameter.ts'
import { type Caller, type Input, optionalNumber, optionalText, type Service, text, texts } from './service.ts'

const pageLimit = 10
const standardTier = 4096

export interface ParameterOptions {
  /** By default `String`, and `StringList` of a list. */
  readonly type?: ParameterType
  readonly labels?: readonly string[]
  /** What encrypts a SecureString: by default `alias/aws/ssm`. */
  readonly key?: KmsKey | string
}

/** SSM's Parameter Store. */
export class ParameterStore implements Service {
  readonly name = 'ssm'
  readonly target = 'AmazonSSM'
  readonly messageKey = 'message'
  readonly operations: Service['operations'] = {
    PutParameter: (input, caller) => this.#put(input, caller),
    GetParameter: (input, caller) => this.#get(input, caller),
    GetParameters: (input, caller) => this.#getMany(input, caller),
    GetParametersByPath: (input, caller) => this.#getByPath(input, caller),
    LabelParameterVersion: (input, caller) => this.#label(input, caller),
  }
  /** How many parameters a page of GetParametersByPath holds at most: the service may give fewer than were asked for. */
  pageSize: number = pageLimit
  readonly #parameters = new Map<string, Parameter>()
  readonly #arnPrefix: string
  readonly #kms: Kms

  constructor(region: string, account: string, kms: Kms) {
    this.#arnPrefix = `arn:aws:ssm:${region}:${account}:parameter`
    this.#kms = kms
  }

  /** Makes a parameter or another version of it. @returns the version */
  put(name: string, value: string | readonly string[], how: ParameterType | ParameterOptions = {}): number {
    const options = typeof how === 'string' ? { type: how } : how
    const { type = typeof value === 'string' ? 'String' : 'StringList', labels = [], key } = options
    const parameter = this.#parameters.get(name) ?? new Parameter(name, this.#arn(name))
    const plain = typeof value === 'string' ? value : value.join(',')
    const stored = type === 'SecureString' ? this.#seal(parameter, plain, key) : plain
    this.#parameters.set(name, parameter)
    const { version } = parameter.add(type, stored)
    this.label(name, version, ...labels)
    return version
  }

  label(name: string, version: number, ...labels: string[]): void {
    const parameter = this.#parameters.get(name)
    if (!parameter) throw new AwsError('ParameterNotFound')
    const [refused] = parameter.label(parameter.select(String(version)), labels)
    if (refused !== undefined) throw new TypeError(`'${refused}' cannot be a label of a parameter's version`)
  }

  delete(name: string): void {
    this.#parameters.delete(name)
  }

  #arn(name: string): string {
    return `${this.#arnPrefix}${name.startsWith('/') ? '' : '/'}${name}`
  }

  /** As SSM does: encrypted by KMS, with the parameter's ARN as the encryption context. */
  #seal({ arn }: Parameter, value: string, key: KmsKey | string = this.#kms.key({ alias: 'aws/ssm' })): string {
    return this.#kms.encrypt(value, { PARAMETER_ARN: arn }, key)
  }

  #open({ arn }: Parameter, value: string, caller: Caller): string {
    const { plaintext, key } = this.#kms.decrypt(Buffer.from(value, 'base64'), { PARAMETER_ARN: arn })
    caller.authorize('kms:Decrypt', key.arn)
    return Buffer.from(plaintext).toString()
  }

  #put(input: Input, caller: Caller): object {
    const [name, value] = [text(input, 'Name'), text(input, 'Value')]
    this.#authorize('PutParameter', name, caller)
    const existing = this.#parameters.get(name)
    if (existing && input.Overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      )
    }
    const type = (optionalText(input, 'Type') ?? existing?.latest.type) as ParameterType | undefined
    if (!type) throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.')
    if (!['String', 'StringList', 'SecureString'].includes(type)) {
      throw new AwsError('UnsupportedParameterType', `The parameter type is not supported: ${type}.`)
    }
    if (value.length > standardTier) {
      throw new AwsError(
        'ValidationException',
        `Standard tier parameters support a maximum parameter value of ${standardTier} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
      )
    }
    const key = optionalText(input, 'KeyId')
    return { Version: this.put(name, value, { type, ...(key && { key }) }), Tier: 'Standard' }
  }

  #get(input: Input, caller: Caller): object {
    const name = text(input, 'Name')
    this.#authorize('GetParameter', name, caller)
    const found = this.#find(name)
    if (!found) throw new AwsError('ParameterNotFound')
    const [parameter, selector] = found
    return { Parameter: this.#written(parameter, selector, input, caller) }
  }

  #getMany(input: Input, caller: Caller): object {
    const names = texts(input, 'Names', pageLimit)
    for (const name of names) this.#authorize('GetParameters', name, caller)
    const found: object[] = []
    const invalid: string[] = []
    for (const name of names) {
      const [parameter, selector] = this.#find(name) ?? []
      try {
        if (parameter) found.push(this.#written(parameter, selector, input, caller))
        else invalid.push(name)
      } catch (error) {
        if ((error as AwsError).code !== 'ParameterVersionNotFound') throw error
        invalid.push(name)
      }
    }
    return { Parameters: found, InvalidParameters: invalid }
  }

  #getByPath(input: Input, caller: Caller): object {
    const path = text(input, 'Path')
    if (!path.startsWith('/'))
      throw new AwsError(
        'ValidationException',
        `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/".`,
      )
    this.#authorize('GetParametersByPath', path, caller)
    const most = optionalNumber(input, 'MaxResults') ?? pageLimit
    if (most < 1 || most > pageLimit) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${most}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${pageLimit}`,
      )
    }
    const under = path.endsWith('/') ? path : `${path}/`
    const all = [...this.#parameters.values()]
      .filter(
        ({ name }) => name.startsWith(under) && (input.Recursive === true || !name.slice(under.length).includes('/')),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const start = startOf(optionalText(input, 'NextToken'))
    const end = start + Math.min(most, this.pageSize)
    return {
      Parameters: all.slice(start, end).map((parameter) => this.#written(parameter, undefined, input, caller)),
      NextToken: end < all.length ? Buffer.from(`page ${end}`).toString('base64') : undefined,
    }
  }

  #label(input: Input, caller: Caller): object {
    const name = text(input, 'Name')
    this.#authorize('LabelParameterVersion', name, caller)
    const parameter = this.#parameters.get(name)
    if (!parameter) throw new AwsError('ParameterNotFound')
    const version = parameter.select(optionalNumber(input, 'ParameterVersion')?.toString())
    const invalid = parameter.label(version, texts(input, 'Labels', pageLimit))
    return { InvalidLabels: invalid, ParameterVersion: version.version }
  }

  /** Permission is for the parameter, whichever version is asked for. */
  #authorize(action: string, name: string, caller: Caller): void {
    caller.authorize(`ssm:${action}`, this.#arn(this.#split(name)[0]))
  }

  #split(given: string): [name: string, selector?: string] {
    const name = given.startsWith(`${this.#arnPrefix}/`) ? given.slice(this.#arnPrefix.length) : given
    const [bare = '', selector] = name.split(':')
    return selector === undefined ? [bare] : [bare, selector]
  }

  #find(given: string): [Parameter, string | undefined] | undefined {
    const [name, selector] = this.#split(given)
    // In an ARN, a name that has no slash of its own begins with one.
    const parameter = this.#parameters.get(name) ?? (given.startsWith('arn:') && this.#parameters.get(name.slice(1)))
    return parameter ? [parameter, selector] : undefined
  }

  #written(parameter: Parameter, selector: string | undefined, input: Input, caller: Caller): object {
    const { version, type, value, modified } = parameter.select(selector)
    const decrypt = type === 'SecureString' && input.WithDecryption === true
    return {
      Name: parameter.name,
      Type: type,
      Value: decrypt ? this.#open(parameter, value, caller) : value,
      Version: version,
      Selector: selector === undefined ? undefined : `:${selector}`,
      LastModifiedDate: modified,
      ARN: parameter.arn,
      DataType: 'text',
    }
  }
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0
  const [, start] = /^page (\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? []
  if (start === undefined) throw new AwsError('InvalidNextToken', 'The specified token is not valid.')
  return Number(start)
}

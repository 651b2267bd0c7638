import { AwsError } from '@fnware/aws'
import type { StoredSecret, Transport } from './transport.ts'

/** What Secrets Manager answers, in the parts that are read. Binary is base64 in JSON, and bytes from the SDK. */
export interface SecretValue {
  readonly ARN?: string | undefined
  readonly Name?: string | undefined
  readonly VersionId?: string | undefined
  readonly SecretString?: string | undefined
  readonly SecretBinary?: string | Uint8Array | undefined
}
export interface BatchOfValues {
  readonly SecretValues?: readonly SecretValue[] | undefined
  readonly Errors?:
    | readonly {
        readonly SecretId?: string | undefined
        readonly ErrorCode?: string | undefined
        readonly Message?: string | undefined
      }[]
    | undefined
  readonly NextToken?: string | undefined
}

export type SecretsCall = <Output extends SecretValue & BatchOfValues>(
  operation: 'GetSecretValue' | 'BatchGetSecretValue',
  input: object,
  signal: AbortSignal,
) => Promise<Output>

/** Secrets by Secrets Manager's own operations, over whatever calls them. */
export const overCalls = (call: SecretsCall): Transport & Required<Pick<Transport, 'getMany'>> => ({
  get: async ({ id, version, stage }, signal) => {
    const input = { SecretId: id, ...(version && { VersionId: version }), ...(stage && { VersionStage: stage }) }
    return stored(await call('GetSecretValue', input, signal))
  },
  getMany: async (ids, signal) => {
    const values: SecretValue[] = []
    const errors = new Map<string, Error>()
    let token: string | undefined
    do {
      const input = { SecretIdList: ids, ...(token && { NextToken: token }) }
      const { SecretValues = [], Errors = [], NextToken } = await call('BatchGetSecretValue', input, signal)
      values.push(...SecretValues)
      for (const { SecretId = '', ErrorCode = '', Message } of Errors) errors.set(SecretId, refused(ErrorCode, Message))
      token = NextToken
    } while (token)
    return ids.map((id) => {
      const value = values.find((it) => isOf(it, id))
      return value ? stored(value) : (errors.get(id) ?? refused('ResourceNotFoundException', 'not in the batch'))
    })
  },
})

/** An ARN may be given without the six characters that Secrets Manager adds to the name. */
const isOf = ({ Name, ARN }: SecretValue, id: string) => id === Name || id === ARN || ARN?.slice(0, -7) === id

export const stored = ({ VersionId, SecretString, SecretBinary }: SecretValue): StoredSecret => ({
  version: VersionId,
  ...(SecretString !== undefined && { text: SecretString }),
  ...(SecretBinary !== undefined && {
    binary: typeof SecretBinary === 'string' ? new Uint8Array(Buffer.from(SecretBinary, 'base64')) : SecretBinary,
  }),
})

const refused = (code: string, message: string | undefined) =>
  new AwsError(`secretsmanager: BatchGetSecretValue answered ${code} for a secret${message ? `: ${message}` : ''}`, {
    code,
    service: 'secretsmanager',
    operation: 'BatchGetSecretValue',
  })

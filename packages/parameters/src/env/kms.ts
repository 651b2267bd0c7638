import { type AwsOptions, awsCalls } from '@fnware/aws'
import { checkAwsOptions, classify, codeOf } from '@fnware/aws/extend'

export interface KmsOptions extends AwsOptions {
  /** What they were encrypted in the context of; `{ LambdaFunctionName }` by default, as Lambda's console does it. */
  readonly context?: Readonly<Record<string, string>>
  /** ms that decrypting may take; 5 000 by default. */
  readonly timeout?: number
}

/** The variables that are decrypted, and how. Made by {@link kms}. */
export interface Decryption<out Names extends string = string> {
  readonly names: readonly Names[]
  /** Throws what is wrong, in words that follow the variable's name. */
  decrypt(value: string): Promise<string>
}

/**
 * Environment variables that KMS encrypted, as by Lambda's console ("helpers for encryption in transit"): decrypted by
 * signed calls over `node:https` at INIT, at the same time, once per environment.
 *
 * @example
 * env(z.object({ TABLE: z.string(), DB_PASSWORD: z.string() }), { decrypt: kms(['DB_PASSWORD']) })
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
export const kms = <const Names extends string>(
  names: readonly Names[],
  options: KmsOptions = {},
): Decryption<Names> => {
  if (!Array.isArray(names)) throw new TypeError("kms() takes the names of variables: kms(['DB_PASSWORD'])")
  const { context, timeout = 5000, ...aws } = options
  checkAwsOptions('kms()', aws)
  const call = awsCalls({ name: 'kms', target: 'TrentService', id: 'KMS' }, aws)
  return {
    names,
    decrypt: async (value) => {
      const EncryptionContext = context ?? functionContext()
      if (!/^(?:[\w+/]{4})+(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(value))
        throw new Error('is no ciphertext of KMS in base64: encrypt it, or take its name out of kms()')
      try {
        const input = { CiphertextBlob: value, EncryptionContext }
        const { Plaintext } = await call<{ Plaintext: string }>('Decrypt', input, AbortSignal.timeout(timeout))
        return Buffer.from(Plaintext, 'base64').toString()
      } catch (error) {
        throw new Error(words(error, EncryptionContext), { cause: error })
      }
    },
  }
}

const functionContext = (): Readonly<Record<string, string>> => {
  const { AWS_LAMBDA_FUNCTION_NAME: LambdaFunctionName } = process.env
  return LambdaFunctionName ? { LambdaFunctionName } : {}
}

const words = (error: unknown, context: Readonly<Record<string, string>>): string => {
  const code = codeOf(error)
  if (code?.startsWith('InvalidCiphertext'))
    return `was not encrypted in this context (${code}): encrypt it with the encryption context ${JSON.stringify(context)}, or give kms() the \`context\` that it has`
  if (classify(error) === 'denied')
    return `may not be decrypted (${code}): allow the function's role kms:Decrypt on its key`
  return `could not be decrypted: ${(error as Error).message}; it is tried again`
}

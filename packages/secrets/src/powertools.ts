import type { Transport } from './transport.ts'

/** What is used of Powertools' `SecretsProvider`. */
export interface PowertoolsSecretsProvider {
  get(
    name: string,
    options?: {
      forceFetch?: boolean
      sdkOptions?: { VersionId?: string; VersionStage?: string }
    },
  ): Promise<unknown>
}

/**
 * Secrets by a `SecretsProvider` of Powertools, past its cache, which would keep one version for all. For functions that
 * have one anyway: it loads the SDK's client when it is made, cannot be given up, and does not tell versions apart.
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/parameters/
 */
export const powertools = (provider: PowertoolsSecretsProvider): Transport => {
  if (typeof Object(provider).get !== 'function')
    throw new TypeError('powertools() takes a SecretsProvider of @aws-lambda-powertools/parameters/secrets')
  return {
    get: async ({ id, version, stage }) => {
      const sdkOptions = { ...(version && { VersionId: version }), ...(stage && { VersionStage: stage }) }
      const value = await provider.get(id, { forceFetch: true, sdkOptions })
      return {
        version: digest(value as string | Uint8Array),
        ...(typeof value === 'string' ? { text: value } : { binary: value as Uint8Array }),
      }
    },
  }
}

/** It does not tell the version: a digest tells whether it is another. */
const digest = (value: string | Uint8Array) =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(value).digest('base64')

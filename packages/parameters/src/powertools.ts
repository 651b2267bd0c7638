import { AwsError } from '@fnware/aws'
import type { Transport } from './transport.ts'

/** What is used of Powertools' `SSMProvider`. */
export interface PowertoolsSSMProvider {
  get(name: string, options?: { decrypt?: boolean; forceFetch?: boolean }): Promise<unknown>
  getMultiple(
    path: string,
    options?: { decrypt?: boolean; forceFetch?: boolean; recursive?: boolean },
  ): Promise<unknown>
}

/**
 * Parameters by an `SSMProvider` of Powertools, past its cache. For functions that have one anyway: it loads the SDK's client
 * when it is made, calls for each parameter by itself, and cannot be given up.
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/parameters/
 */
export const powertools = (provider: PowertoolsSSMProvider): Transport => {
  if (typeof Object(provider).getMultiple !== 'function')
    throw new TypeError('powertools() takes an SSMProvider of @aws-lambda-powertools/parameters/ssm')
  return {
    get: async ({ name }) => {
      const value = await provider.get(name, { decrypt: true, forceFetch: true })
      if (typeof value === 'string') return value
      throw new AwsError('Powertools found no such parameter', { code: 'ParameterNotFound', service: 'ssm' })
    },
    getPath: async (path) => {
      const values = await provider.getMultiple(path, { decrypt: true, forceFetch: true, recursive: true })
      const below = path.endsWith('/') ? path : `${path}/`
      return new Map(Object.entries(values ?? {}).map(([name, value]) => [`${below}${name}`, String(value)]))
    },
  }
}

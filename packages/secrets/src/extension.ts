import { askExtension, codeOf } from '@fnware/aws/extend'
import { checkOptions } from '@fnware/core/extend'
import type { Transport } from './transport.ts'
import { type SecretValue, stored } from './wire.ts'

export interface ExtensionOptions {
  /**
   * What fetches a secret when the extension cannot: at INIT, since it answers during invocations alone, and where a value
   * that it keeps was found wrong, since it would give the same again. None by default: then the first invocation waits.
   */
  readonly otherwise?: Transport
}

/**
 * Secrets by the AWS Parameters and Secrets Lambda extension, a layer that fetches and keeps them for all runtimes. A value
 * may be as old as its own time to live and ours together.
 *
 * @example
 * secrets({ database: secret('prod/db', Database) }, { transport: extension({ otherwise: https() }) })
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */
export const extension = (options: ExtensionOptions = {}): Transport => {
  checkOptions('extension()', options, { otherwise: 'object' })
  const { otherwise } = options
  return {
    get: async (request, signal) => {
      if (request.anew && otherwise) return otherwise.get(request, signal)
      const { id, version, stage } = request
      const query = { secretId: id, ...(version && { versionId: version }), ...(stage && { versionStage: stage }) }
      try {
        return stored(await askExtension<SecretValue>('/secretsmanager/get', query, signal))
      } catch (error) {
        if (!otherwise || codeOf(error) !== 'ExtensionNotReady') throw error
        return otherwise.get(request, signal)
      }
    },
  }
}

import { AwsError } from '@fnware/aws'
import { askExtension, codeOf } from '@fnware/aws/extend'
import { checkOptions } from '@fnware/core/extend'
import type { Transport } from './transport.ts'

export interface ExtensionOptions {
  /**
   * What fetches a parameter when the extension cannot: at INIT, since it answers during invocations alone; where a value
   * that it keeps was found wrong, since it would give the same again; and all paths, which it does not know. None by
   * default: then the first invocation waits, and there are no paths.
   */
  readonly otherwise?: Transport
}

/**
 * Parameters by the AWS Parameters and Secrets Lambda extension, a layer that fetches and keeps them for all runtimes. A
 * value may be as old as its own time to live and ours together.
 *
 * @example
 * parameters({ url: parameter('/app/url') }, { transport: extension({ otherwise: https() }) })
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
 */
export const extension = (options: ExtensionOptions = {}): Transport => {
  checkOptions('extension()', options, { otherwise: 'object' })
  const { otherwise } = options
  return {
    get: async (request, signal) => {
      if (request.anew && otherwise) return otherwise.get(request, signal)
      try {
        const query = { ...selected(request.name), withDecryption: 'true' }
        const { Parameter } = await askExtension<{ Parameter?: { Value?: string } }>(
          '/systemsmanager/parameters/get',
          query,
          signal,
        )
        if (typeof Parameter?.Value === 'string') return Parameter.Value
        throw new AwsError('the extension answered without a parameter', {
          code: 'InvalidAnswer',
          service: 'extension',
        })
      } catch (error) {
        if (!otherwise || codeOf(error) !== 'ExtensionNotReady') throw error
        return otherwise.get(request, signal)
      }
    },
    ...(otherwise?.getPath && { getPath: otherwise.getPath }),
  }
}

/** It takes a version or a label apart from the name. */
const selected = (name: string): Record<string, string> => {
  const [, base = name, selector] = /^((?:arn:.*:)?[^:]+)(?::([^:]+))?$/.exec(name) ?? []
  if (!selector) return { name: base }
  return { name: base, [/^\d+$/.test(selector) ? 'version' : 'label']: selector }
}

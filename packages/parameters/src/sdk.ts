import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm'
import type { Transport } from './transport.ts'
import { overCalls, type ParametersCall } from './wire.ts'

/**
 * Parameters by the AWS SDK's client, with all that this brings: its middleware, its tracing, every way to credentials. It
 * is loaded when the first parameter is fetched, and not before. `@aws-sdk/client-ssm` is an optional peer dependency.
 * @param given a client, or the options of one
 */
export const sdk = (given: SSMClient | SSMClientConfig = {}): Transport => {
  let loading: Promise<ParametersCall> | undefined
  const load = async (): Promise<ParametersCall> => {
    const { SSMClient, GetParametersCommand, GetParametersByPathCommand } = await import('@aws-sdk/client-ssm')
    const client = isClient(given) ? given : new SSMClient(given)
    return async (operation, input, abortSignal) => {
      const command =
        operation === 'GetParameters'
          ? new GetParametersCommand(input as never)
          : new GetParametersByPathCommand(input as never)
      try {
        return await client.send(command as GetParametersCommand, { abortSignal })
      } catch (error) {
        // It would only say that it was aborted.
        abortSignal.throwIfAborted()
        throw error
      }
    }
  }
  return overCalls(async (...call) => (await (loading ??= load()))(...call))
}

type GetParametersCommand = import('@aws-sdk/client-ssm').GetParametersCommand

const isClient = (given: object): given is SSMClient => typeof (given as { send?: unknown }).send === 'function'

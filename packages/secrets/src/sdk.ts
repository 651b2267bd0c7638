import type { SecretsManagerClient, SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import type { Transport } from './transport.ts'
import { overCalls, type SecretsCall } from './wire.ts'

/**
 * Secrets by the AWS SDK's client, with all that this brings: its middleware, its tracing, every way to credentials. It is
 * loaded when the first secret is fetched, and not before. `@aws-sdk/client-secrets-manager` is an optional peer dependency.
 * @param given a client, or the options of one
 */
export const sdk = (given: SecretsManagerClient | SecretsManagerClientConfig = {}): Transport => {
  let loading: Promise<SecretsCall> | undefined
  const load = async (): Promise<SecretsCall> => {
    const { SecretsManagerClient, GetSecretValueCommand, BatchGetSecretValueCommand } = await import(
      '@aws-sdk/client-secrets-manager'
    )
    const client = isClient(given) ? given : new SecretsManagerClient(given)
    return async (operation, input, abortSignal) => {
      const command =
        operation === 'GetSecretValue'
          ? new GetSecretValueCommand(input as never)
          : new BatchGetSecretValueCommand(input)
      try {
        return (await client.send(command as never, { abortSignal })) as never
      } catch (error) {
        // It would only say that it was aborted.
        abortSignal.throwIfAborted()
        throw error
      }
    }
  }
  return overCalls(async (...call) => (await (loading ??= load()))(...call))
}

const isClient = (given: object): given is SecretsManagerClient =>
  typeof (given as { send?: unknown }).send === 'function'

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { byKey, parameterKeys, parameterNames, secretIds, secretKeys } from './values.ts'

type Texts = Readonly<Record<string, string>>

/** The five secrets by the SDK's client, all at once. */
export const secretsBySdk = (client: SecretsManagerClient) => async (): Promise<Texts> => {
  const values = await Promise.all(
    secretIds.map(async (id) => (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? ''),
  )
  return byKey(secretKeys, (i) => values[i]!)
}

/** The five parameters by the SDK's client, in one call. */
export const parametersBySdk = (client: SSMClient) => async (): Promise<Texts> => {
  const { Parameters = [] } = await client.send(
    new GetParametersCommand({ Names: [...parameterNames], WithDecryption: true }),
  )
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value ?? '']))
  return byKey(parameterKeys, (i) => values.get(parameterNames[i]) ?? '')
}

export const clients = (): { secrets: SecretsManagerClient; parameters: SSMClient } => ({
  secrets: new SecretsManagerClient({}),
  parameters: new SSMClient({}),
})

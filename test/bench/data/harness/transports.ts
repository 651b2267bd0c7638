import type { Part } from '../../harness/parts.ts'

const function_ = (imports: string, transport: string) =>
  `import { lambda } from '@fnware/core'
   import { secret, secrets } from '@fnware/secrets'
   ${imports}
   const fn = lambda().use(secrets({ s0: secret('prod/key-0') }, { transport: ${transport} })).handle(({ secrets }) => secrets.s0)
   export const handler = async (event, context) => ({ statusCode: (await fn(event, context)).startsWith('secret of') ? 201 : 500 })`

const client = `import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'`

/** Functions that fetch one secret, each in its own way, and answer when they have it. */
export const transports: readonly Part[] = [
  {
    name: 'core',
    title: '`@fnware/core` alone, and a value that is there',
    code: `import { lambda, resource } from '@fnware/core'
      const fn = lambda().use(resource('secrets', { init: async () => ({ s0: 'secret of' }) })).handle(({ secrets }) => secrets.s0)
      export const handler = async (event, context) => ({ statusCode: (await fn(event, context)).startsWith('secret of') ? 201 : 500 })`,
  },
  { name: 'https', title: '`https()`', code: function_(`import { https } from '@fnware/secrets'`, 'https()') },
  {
    name: 'extension',
    title: '`extension()`, from its cache',
    code: function_(`import { extension } from '@fnware/secrets'`, 'extension()'),
  },
  { name: 'sdk', title: '`sdk()`', code: function_(`import { sdk } from '@fnware/secrets/sdk'`, 'sdk()') },
  {
    name: 'client',
    title: "by hand, with the SDK's client",
    code: `${client}
      const client = new SecretsManagerClient({})
      const found = client.send(new GetSecretValueCommand({ SecretId: 'prod/key-0' }))
      export const handler = async () => ({ statusCode: (await found).SecretString.startsWith('secret of') ? 201 : 500 })`,
  },
  {
    name: 'middy',
    title: "Middy's `secrets-manager`",
    code: `import middy from '@middy/core'
      import secretsManager from '@middy/secrets-manager'
      export const handler = middy(async (event, { s0 }) => ({ statusCode: s0.startsWith('secret of') ? 201 : 500 }))
        .use(secretsManager({ fetchData: { s0: 'prod/key-0' }, setToContext: true }))`,
  },
]

import { settledWithin } from '@fnware/core/extend'
import { AwsError } from './errors.ts'
import { exchange } from './exchange.ts'

/** What signs a call: the AWS SDK's own shape. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they end. Without it they are asked for at every call. */
  readonly expiration?: Date | undefined
}

/** Credentials, or what gives them, such as the SDK's `fromTemporaryCredentials()`. */
export type CredentialsSource = Credentials | (() => Credentials | Promise<Credentials>)

/** Gives credentials; past those that are kept where these are found `wrong`. */
export type GetCredentials = (wrong?: Credentials) => Promise<Credentials>

/**
 * What gives the credentials at each call: the source; or else the environment as it is then; or else the container's
 * credentials endpoint.
 */
export const credentialsFrom = (source: CredentialsSource | undefined): GetCredentials => {
  if (typeof source === 'function') return remembered(async () => checked(await source()))
  if (source) checked(source)
  const container = remembered(fromContainer)
  return async (wrong) => source ?? fromEnvironment() ?? (await container(wrong))
}

/** Those that say when they end are kept until five minutes before, or until then where no others can be had. */
const remembered = (ask: () => Promise<Credentials>): GetCredentials => {
  let known: Credentials | undefined
  let asking: Promise<Credentials> | undefined
  let askedAt = 0
  const left = () => (known?.expiration ? known.expiration.getTime() - Date.now() : 0)
  return async (wrong) => {
    if (known && known === wrong) known = undefined
    if (known && left() > 300_000) return known
    // One that has been asked for so long hangs, or was frozen with its environment.
    if (!asking || Date.now() - askedAt >= patience) {
      askedAt = Date.now()
      const begun: Promise<Credentials> = inTime(ask()).finally(() => {
        if (asking === begun) asking = undefined
      })
      asking = begun
    }
    try {
      known = await asking
    } catch (error) {
      if (!known || left() <= 0) throw error
    }
    return known
  }
}

/** ms that whoever gives credentials may take. */
const patience = 5000

const inTime = async (asked: Promise<Credentials>): Promise<Credentials> => {
  if (await settledWithin(asked, patience)) return asked
  throw none(`\`credentials\` gave none within ${patience} ms`)
}

const fromEnvironment = (): Credentials | undefined => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN || undefined }
    : undefined
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
const fromContainer = async (): Promise<Credentials> => {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path } = process.env
  if (!uri && !path)
    throw none(
      'there are none in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY): Lambda sets them; elsewhere set them, or give `credentials`',
    )
  const url = new URL(path ? `http://169.254.170.2${path}` : `${uri}`)
  // The token goes there: in clear text only to this machine, ECS or EKS.
  if (url.protocol !== 'https:' && !near.test(url.hostname))
    throw none(`AWS_CONTAINER_CREDENTIALS_FULL_URI is ${url.origin}, which is neither https nor on this machine`)
  const { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file, AWS_CONTAINER_AUTHORIZATION_TOKEN: token } = process.env
  // Read each time, since it is replaced.
  const authorization = file ? process.getBuiltinModule('node:fs').readFileSync(file, 'utf8').trim() : token
  const { status, body } = await exchange(
    { method: 'GET', url, headers: authorization ? { authorization } : {} },
    AbortSignal.timeout(5000),
  )
  if (status !== 200) throw none(`the container's credentials endpoint ${url.host} answered ${status}`)
  try {
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(body)
    return checked({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: Token,
      expiration: Expiration ? new Date(Expiration) : undefined,
    })
  } catch {
    throw none(`the container's credentials endpoint ${url.host} answered with none`)
  }
}

const near = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/

const checked = (credentials: Credentials): Credentials => {
  const { accessKeyId, secretAccessKey } = Object(credentials) as Partial<Credentials>
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string' || !accessKeyId || !secretAccessKey)
    throw none('`credentials` must be, or give, { accessKeyId, secretAccessKey, sessionToken? }')
  return credentials
}

const none = (why: string) => new AwsError(`no credentials to sign with: ${why}`, { code: 'CredentialsError' })

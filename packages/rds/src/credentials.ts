import { renew } from '@fnware/core'
import type { Login } from './driver.ts'
import { CredentialsError } from './errors.ts'
import type { IamCredentials } from './iam.ts'

/** A user and a password, in the words of the secrets that RDS writes, or in those of drivers. */
export interface DatabaseSecret {
  readonly username?: string | undefined
  readonly user?: string | undefined
  readonly password: string
  readonly host?: string | undefined
  readonly port?: number | string | undefined
  readonly dbname?: string | undefined
  readonly database?: string | undefined
}

/** Credentials, tokens by `iam()`, or what gives credentials: asked at every connect, with the resources earlier in the chain. */
export type CredentialsOption<Needs extends object> =
  | DatabaseSecret
  | IamCredentials
  | ((resources: Needs) => DatabaseSecret | Promise<DatabaseSecret>)

/** Where to connect, as the options say; what they leave open is the secret's to say. */
export interface Address {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
}

/** Asked at every connect. */
export interface Credentials {
  login(): Promise<Login>
  /** Others, after the server has refused those of `login()`; undefined where there are none. */
  renewed(refused: Login): Promise<Login | undefined>
}

export interface CredentialsFrom<Needs extends object> {
  readonly key: string
  readonly option: CredentialsOption<Needs>
  readonly address: Address
  readonly defaultPort: number
  /** Of the resource's `init`. */
  read<T>(select: (resources: Needs) => T): Promise<Awaited<T>>
}

type Place = Pick<CredentialsFrom<never>, 'key' | 'address' | 'defaultPort'>

export const credentialsOf = <Needs extends object>(from: CredentialsFrom<Needs>): Credentials => {
  const { key, option, read } = from
  if (isIam(option)) {
    const login = async () => {
      const { host, port, database } = address(from, {})
      const token = await option.token({ host, port }).catch((error: unknown) => {
        throw failed(key, 'the IAM token could not be made', error)
      })
      return { host, port, database, user: option.user, password: token }
    }
    return { login, renewed: login }
  }
  if (typeof option !== 'function') return { login: async () => loginOf(from, option), renewed: async () => undefined }
  const ask = async (get: () => Promise<unknown>) => {
    const secret = await get().catch((error: unknown) => {
      throw failed(key, 'what `credentials` reads could not be had', error)
    })
    return loginOf(from, secret)
  }
  const select = () => read(option as (resources: Needs) => DatabaseSecret | Promise<DatabaseSecret>)
  const login = () => ask(async () => await select())
  const isAnother = (one: Login, other: Login) => one.password !== other.password || one.user !== other.user
  return {
    login,
    renewed: async (refused) => {
      // Another connect, that began as this one did, has had it renewed: that it is wrong as well is not said.
      const known = await login()
      if (isAnother(known, refused)) return known
      const renewed = await ask(async () => await renew(select))
      return isAnother(renewed, refused) ? renewed : undefined
    },
  }
}

const isIam = <Needs extends object>(option: CredentialsOption<Needs>): option is IamCredentials =>
  typeof (option as Partial<IamCredentials>).token === 'function'

const loginOf = (from: Place, secret: unknown): Login => {
  const { username, user = username, password } = Object(secret) as Partial<DatabaseSecret>
  if (typeof user !== 'string' || user === '')
    throw new CredentialsError(from.key, 'the credentials have no user: they must be { username, password }')
  if (typeof password !== 'string' || password === '')
    throw new CredentialsError(from.key, 'the credentials have no password: they must be { username, password }')
  return { ...address(from, secret as DatabaseSecret), user, password }
}

const address = ({ key, address, defaultPort }: Place, secret: Partial<DatabaseSecret>) => {
  if ('host' in address && !address.host)
    throw new CredentialsError(
      key,
      "`host` was given without a value: is its environment variable set? Leave `host` out to connect to the secret's",
    )
  const host = address.host ?? secret.host
  if (!host) throw new CredentialsError(key, 'there is no host to connect to: give `host`, that of the RDS Proxy')
  const port = Number(address.port ?? secret.port ?? defaultPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new CredentialsError(key, 'the port must be a number from 1 to 65535')
  return { host, port, database: address.database ?? secret.dbname ?? secret.database }
}

/** The message is its maker's, who shows no value in it. */
const failed = (key: string, what: string, cause: unknown) =>
  new CredentialsError(key, `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })

/** What every function of this group has: five secrets and five parameters, and where its database is. */
const numbers = [0, 1, 2, 3, 4]

export const secretIds: readonly string[] = numbers.map((n) => `prod/key-${n}`)
export const parameterNames: readonly string[] = numbers.map((n) => `/app/value-${n}`)

/** Where a function finds them: `s0` to `s4`, `p0` to `p4`. */
export const secretKeys: readonly string[] = numbers.map((n) => `s${n}`)
export const parameterKeys: readonly string[] = numbers.map((n) => `p${n}`)

export const byKey = <T>(keys: readonly string[], make: (index: number) => T): Record<string, T> =>
  Object.fromEntries(keys.map((key, index) => [key, make(index)]))

type Texts = Readonly<Record<string, unknown>>

/** What a function answers that has read all of them. */
export interface Read {
  readonly ok: boolean
  /** The first secret, and the first parameter: those that are rotated. */
  readonly secret: unknown
  readonly parameter: unknown
}

export const readAll = (secrets: Texts, parameters: Texts): Read => ({
  ok: isThere(secrets, secretKeys) && isThere(parameters, parameterKeys),
  secret: secrets.s0,
  parameter: parameters.p0,
})

/** Reads the five secrets, one by one as a function does. */
export const readSecrets = (secrets: Texts): boolean =>
  typeof secrets.s0 === 'string' &&
  typeof secrets.s1 === 'string' &&
  typeof secrets.s2 === 'string' &&
  typeof secrets.s3 === 'string' &&
  typeof secrets.s4 === 'string'

const isThere = (texts: Texts, keys: readonly string[]) => keys.every((key) => typeof texts[key] === 'string')

/** ms for which values are good, where a function is told. */
export const ttl = (): number | undefined => (process.env.BENCH_TTL ? Number(process.env.BENCH_TTL) : undefined)

/** The database, which takes IAM tokens. Its authority is one of Node's own, as an RDS Proxy's is. */
export const database = (): { host: string; port: number; database: string; user: string } => ({
  host: process.env.DB_HOST ?? '',
  port: Number(process.env.DB_PORT),
  database: process.env.DB_NAME ?? '',
  user: process.env.DB_USER ?? '',
})

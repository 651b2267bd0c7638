import { type Fetch, fresh, live, type Resource, resource } from '@fnware/core'
import type { Address, Postgres as Server } from 'test-servers'

export interface Secret {
  readonly username: string
  readonly password: string
}

/** Options of `postgres()` and `mysql()`. */
export interface Reached {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly tls: { readonly ca: string }
  readonly credentials: { readonly user: string; readonly password: string }
  readonly applicationName?: string
  readonly connectTimeout?: number
  readonly acquireTimeout?: number
}

/** How a function reaches a server of the tests. */
export const to = ({ host, port, ca, database, user, password }: Address): Reached => ({
  host,
  port,
  database,
  tls: { ca },
  credentials: { user, password },
})

/** A secret that is fetched as `fetch` does. */
export const secretsBy = (fetch: Fetch<Secret>): Resource<{}, 'secrets', { readonly database: Secret }> =>
  resource('secrets', { init: async (_, { keep }) => live({ database: await keep(fresh(fetch)) }) })

/** What was thrown. */
export const thrownBy = async (work: Promise<unknown>): Promise<Error & { code?: string }> => {
  const none = new Error('nothing was thrown')
  const thrown = await work.then(
    () => none,
    (error) => error,
  )
  if (thrown === none) throw none
  return thrown
}

/** Waits until the server runs a statement that holds this text. */
export const running = async (server: Server, text: string): Promise<void> => {
  const sql = `select from pg_stat_activity where usename = 'app' and state = 'active' and position($1 in query) > 0`
  const until = Date.now() + 20_000
  while ((await server.query(sql, [text])).length === 0) {
    if (Date.now() > until) throw new Error(`the server does not run ${text}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

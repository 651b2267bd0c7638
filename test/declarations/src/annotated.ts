// The same with isolatedDeclarations, which wants to be told.
import { type Handler, lambda, type Resource, resource } from '@fnware/core'
import { type HttpEvent, type HttpResult, http } from '@fnware/http'

export interface Db {
  query(sql: string): Promise<string[]>
}
export const db: Resource<{}, 'db', Db> = resource('db', { init: () => ({ query: async (sql: string) => [sql] }) })
export const handler: Handler<HttpEvent, HttpResult, { readonly db: Db }> = lambda(http())
  .use(db)
  .routes((r) => {
    r.get('/', ({ db }) => db.query('select 1'))
  })

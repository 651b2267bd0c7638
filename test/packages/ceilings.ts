/**
 * How large what a function bundles of fnware may be: minified by esbuild as ESM, gzipped, and without what is not ours.
 * `pnpm size` prints where the bytes are, `pnpm size --lower` brings every ceiling down to today's size and 2 %.
 */
export interface Ceiling {
  readonly name: string
  readonly code: string
  /** Bytes of gzip. */
  readonly max: number
}

export const ceilings: readonly Ceiling[] = [
  // Whole entry points.
  { name: 'core', max: 6688, code: `export * from '@fnware/core'` },
  { name: 'core/extend', max: 5555, code: `export * from '@fnware/core/extend'` },
  { name: 'http', max: 11603, code: `export * from '@fnware/http'` },
  { name: 'logger', max: 5147, code: `export * from '@fnware/logger'` },

  // What functions are made of.
  {
    name: 'lambda',
    max: 3208,
    code: `
      import { lambda } from '@fnware/core'
      export const handler = lambda().handle(() => 1)`,
  },
  {
    name: 'resource',
    max: 5660,
    code: `
      import { lambda, resource } from '@fnware/core'
      export const handler = lambda().use(resource('db', { init: () => 1 })).handle(({ db }) => db)`,
  },
  {
    name: 'fresh',
    max: 6462,
    code: `
      import { fresh, lambda, renew, resource } from '@fnware/core'
      const token = resource('token', { init: (_, { keep }) => keep(fresh(() => 1)) })
      export const handler = lambda().use(token).handle(({ token }) => renew(() => token))`,
  },
  {
    name: 'batch',
    max: 5491,
    code: `
      import { lambda } from '@fnware/core'
      import { batch } from '@fnware/core/extend'
      const queue = batch({ name: 'queue', records: (event) => event, id: ({ id }) => id, open: (record) => ({ record }) })
      export const handler = lambda(queue).each(({ record }) => record)`,
  },
  {
    name: 'http.handle',
    max: 11919,
    code: `
      import { lambda } from '@fnware/core'
      import { http } from '@fnware/http'
      export const handler = lambda(http()).handle(() => 1)`,
  },
  {
    name: 'http.routes',
    max: 11927,
    code: `
      import { lambda } from '@fnware/core'
      import { http } from '@fnware/http'
      export const handler = lambda(http()).routes((r) => r.get('/', () => 1))`,
  },
  {
    name: 'http.routes + logger',
    max: 15793,
    code: `
      import { HttpError, lambda } from '@fnware/core'
      import { http, reply } from '@fnware/http'
      import { logger } from '@fnware/logger'
      export const handler = lambda(http()).use(logger()).routes((r) => r.get('/', () => reply(200, new HttpError(404))))`,
  },
]

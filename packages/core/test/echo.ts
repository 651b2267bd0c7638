import type { One } from '../src/chain.ts'
import type { Middleware, Source, Wire } from '../src/index.ts'
import { verbs } from '../src/verbs.ts'

export interface Echo extends Wire {
  readonly event: { readonly n: number }
  readonly output: unknown
  readonly early: { readonly early: true }
  readonly result: { readonly value?: unknown; readonly error?: string; readonly message?: string }
  readonly verbs: One
}

/** A source that answers everything, as it is. */
export const echo = (limit?: number): Source<Echo, { readonly n: number }> => ({
  name: 'echo',
  ...(limit && { limit: () => limit }),
  open: (event) => ({ n: event.n }),
  payload: ({ event }: { event: unknown }) => [event, 'body'],
  answer: (value) => ({ value }),
  fail: (error) => ({ error: error.name, message: error.message }),
  describe: ({ n }: { n: number }) => ({ n }),
  verbs,
})

/** Writes down how it is passed, both ways. */
export const trace =
  (log: string[], name: string): Middleware =>
  async (_, next) => {
    log.push(`>${name}`)
    try {
      return await next()
    } catch (error) {
      log.push(`!${name}`)
      throw error
    } finally {
      log.push(`<${name}`)
    }
  }

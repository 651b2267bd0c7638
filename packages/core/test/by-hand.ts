import { fakeContext } from '@fnware/testing'
import { type Context, type Handler, lambda, type Resource, resource } from '../src/index.ts'
import { type Echo, echo } from './echo.ts'

export const context = (timeout = 900_000): Context => fakeContext({ timeout })

export interface ByHand {
  readonly made: Resource<{}, 'it', string>
  readonly attempts: { make(value: string): void; fail(error: unknown): void }[]
  readonly disposed: unknown[]
  readonly handler: Handler<Echo['event'], Echo['result'], { readonly it: string }>
  ask(): Promise<Echo['result']>
}

/** A resource whose attempts end by hand. */
export const byHand = (): ByHand => {
  const attempts: ByHand['attempts'] = []
  const disposed: unknown[] = []
  const made = resource('it', {
    init: () =>
      new Promise<string>((make, fail) => {
        attempts.push({ make, fail })
      }),
    dispose: (value) => disposed.push(value),
  })
  const handler = lambda(echo())
    .use(made)
    .handle(({ it }) => it)
  return { made, handler, attempts, disposed, ask: () => handler({ n: 1 }, context()) }
}

import { type Context, type Handler, lambda, type Resource } from '@fnware/core'
import { fakeContext } from '@fnware/testing'

/** What an invocation finds, each read anew. */
export const reader = <Values>(
  resource: Resource<{}, 'secrets', Values>,
): Handler<unknown, Values, { readonly secrets: Values }> =>
  lambda()
    .use(resource)
    .handle(({ secrets }) => secrets)

export const invoke = <Values>(handler: (event: unknown, context: Context) => Promise<Values>): Promise<Values> =>
  handler({}, fakeContext())

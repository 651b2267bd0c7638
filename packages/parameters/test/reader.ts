import { lambda, type Resource } from '@fnware/core'
import { fakeContext } from '@fnware/testing'

/** Invokes a function that gives what it finds: the same environment each time. */
export const reader = <Values>(resource: Resource<{}, 'parameters', Values>): (() => Promise<Values>) => {
  let found: Values | undefined
  const handler = lambda()
    .use(resource)
    .handle((ctx) => {
      found = (ctx as unknown as { parameters: Values }).parameters
    })
  return async () => {
    await handler({}, fakeContext())
    return found as Values
  }
}

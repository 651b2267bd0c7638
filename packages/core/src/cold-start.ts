import { flightOf, type InFlight, type Invocation } from './invocation.ts'

/** The first invocation that asked. On the global object, for a function that holds two copies of this package. */
const environment: { first?: WeakRef<object> } = /* @__PURE__ */ (() =>
  ((globalThis as Record<symbol, unknown>)[Symbol.for('fnware.first')] ??= {}) as never)()

/**
 * Whether this invocation is its environment's first: to be asked by every invocation. Environments that were initialised
 * before they were needed (provisioned concurrency, Managed Instances) are never cold.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html `AWS_LAMBDA_INITIALIZATION_TYPE`
 */
export const coldStartOf = (ctx: Invocation): boolean => {
  const flight = (ctx as unknown as InFlight)[flightOf]
  environment.first ??= new WeakRef(flight)
  return (
    environment.first.deref() === flight && (process.env.AWS_LAMBDA_INITIALIZATION_TYPE ?? 'on-demand') === 'on-demand'
  )
}

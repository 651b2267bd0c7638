import type { Plan } from './plan.ts'

/**
 * What `.use()` takes beside a middleware says itself how it joins a plan: what is not used is then not in the bundle. A
 * registered symbol, since it may be another copy's of this package.
 */
export const joins: unique symbol = Symbol.for('fnware.joins') as never

export interface Joins {
  readonly [joins]: (plan: Plan) => Plan
}

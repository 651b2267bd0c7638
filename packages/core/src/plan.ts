import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Environment, Given } from './environment.ts'
import type { Options } from './lambda.ts'
import type { Middleware } from './middleware.ts'
import type { Resource } from './resource.ts'
import type { AnySource, Collected, Verbs } from './source.ts'

export type AnyMiddleware = Middleware<never, object, unknown>
export type AnyResource = Resource<never, string, unknown>

/** What a chain has collected so far. Never changed: each `.use()` makes another. */
export interface Plan extends Collected {
  readonly source: AnySource | undefined
  readonly verbs: Verbs
  readonly resources: readonly AnyResource[]
  /** What makes the resources: brought by the first of them. */
  readonly environment?: (resources: readonly AnyResource[], given: Given | undefined) => Environment
  readonly steps: readonly AnyMiddleware[]
  readonly options: Options
  readonly output?: StandardSchemaV1
  /** What a batch carries in each record. */
  readonly item?: StandardSchemaV1
  /** A stack: what its resources need may come from the chain that uses it. */
  readonly loose?: boolean
}

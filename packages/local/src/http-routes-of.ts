import { stageOf } from './fronts/choose.ts'
import type { FrontName, FrontOptions } from './fronts/options.ts'
import type { FunctionOptions } from './options.ts'

/** Routes of a function that are behind one front. */
export interface FrontedRoutes {
  /** Route keys, and bare paths. */
  readonly keys: readonly string[]
  readonly front: FrontOptions
  readonly type: FrontName
  /** What urls begin with before a route's path: `/prod`, or nothing. */
  readonly prefix: string
}

/** What of HTTP is a function's, front by front. */
export function routesOf({ http, front = 'http-api' }: FunctionOptions, alone: boolean): readonly FrontedRoutes[] {
  const given = [http ?? (alone ? '$default' : false)].flat()
  const own = given.flatMap((each) => (typeof each === 'string' ? [each] : []))
  const others = given.flatMap((each) => (typeof each === 'object' ? [fronted([each.route].flat(), each.front)] : []))
  return own.length ? [fronted(own, front), ...others] : others
}

function fronted(keys: readonly string[], front: FrontOptions): FrontedRoutes {
  const stage = stageOf(front)
  return { keys, front, type: typeof front === 'string' ? front : front.type, prefix: stage ? `/${stage}` : '' }
}

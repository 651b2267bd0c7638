import { observe } from '@fnware/core/ports'
import type { Loaded } from '../engine.ts'

/**
 * Shows what resources do on their own account, such as the queries of `@fnware/rds`. What goes to a database is a node of
 * the map; what prepares it, such as connecting, is the function's own.
 */
export const captureResources = (loaded: Loaded): void =>
  observe((work) => {
    const parent = loaded.active()
    if (!parent) return undefined
    const { name, sql, annotations = {} } = work()
    const { database_type: type, ...others } = sql ?? {}
    const span = parent.child({
      name,
      kind: sql ? 'remote' : 'own',
      ...(sql && { details: { sql: { ...others, ...(type !== undefined && { type }) } } }),
    })
    for (const key in annotations) if (annotations[key] !== undefined) span.annotate(key, annotations[key])
    return (error) => span.end(error === undefined ? undefined : { as: 'fault', error })
  })

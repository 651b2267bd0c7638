import { validated } from '@fnware/aws/extend'
import { parseJson } from '@fnware/core/extend'
import { notATree, notFitting, notJson } from './error.ts'
import type { Parameter } from './parameter.ts'
import { treeOf } from './tree.ts'

/** What was fetched: a parameter's text, or the texts below a path by their full names. */
export type Stored = string | ReadonlyMap<string, string>

/**
 * What a parameter says, as its format and its schema have it.
 * @throws ParameterError without a cause, which would show the value
 */
export const reading = async (key: string, it: Parameter, stored: Stored): Promise<unknown> => {
  const value = formatted(key, it, stored)
  if (!it.schema) return value
  const result = await validated(it.schema, value)
  if ('faults' in result) throw notFitting(key, it, result.faults)
  return result.value
}

const formatted = (key: string, it: Parameter, stored: Stored): unknown => {
  if (typeof stored !== 'string')
    return ifNot((error) => notATree(key, it, error.message))(() => treeOf(it.name, stored))
  if (it.format === 'json') return ifNot((error) => notJson(key, it, error.message))(() => parseJson(stored))
  return it.format === 'list' ? stored.split(',') : stored
}

const ifNot =
  (failure: (error: Error) => Error) =>
  <T>(make: () => T): T => {
    try {
      return make()
    } catch (error) {
      throw failure(error as Error)
    }
  }

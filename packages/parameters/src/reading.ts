import { validated } from '@fnware/aws/extend'
import { parseJson } from '@fnware/core/extend'
import type { Stored, Wanted } from './fetching.ts'
import { treeOf } from './tree.ts'
import { notATree, notFitting, notJson } from './words.ts'

/**
 * What a parameter says, as its format and its schema have it.
 * @throws ParameterError without a cause, which would show the value
 */
export const reading = async (wanted: Wanted, stored: Stored): Promise<unknown> => {
  const value = formatted(wanted, stored)
  const { schema } = wanted.parameter
  if (!schema) return value
  const result = await validated(schema, value)
  if ('faults' in result) throw notFitting(wanted, result.faults)
  return result.value
}

const formatted = (wanted: Wanted, stored: Stored): unknown => {
  const { name, format } = wanted.parameter
  if (typeof stored !== 'string') {
    const { tree, conflict } = treeOf(name, stored)
    if (conflict) throw notATree(wanted, conflict)
    return tree
  }
  if (format !== 'json') return format === 'list' ? stored.split(',') : stored
  try {
    return parseJson(stored)
  } catch (error) {
    throw notJson(wanted, (error as Error).message)
  }
}

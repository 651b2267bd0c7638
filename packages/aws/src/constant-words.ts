import { parse, pointer } from '@fnware/core/extend'
import type { StandardSchemaV1 } from '@standard-schema/spec'

type Issue = StandardSchemaV1.Issue

/**
 * Tells issues that the schema has with quite another value as well, in the very same words: these show nothing of the value,
 * though by chance they may have something in common with it.
 */
export const constantWords = async (schema: StandardSchemaV1, value: unknown): Promise<(issue: Issue) => boolean> => {
  const said = new Set<string>()
  class Refusal extends Error {
    constructor(issues: readonly Issue[]) {
      super()
      for (const issue of issues) said.add(wordsOf(issue))
    }
  }
  try {
    await parse(schema, other(value), undefined, Refusal)
  } catch {
    // Refused, as it was to be; or there is nothing to compare with.
  }
  return (issue) => said.has(wordsOf(issue))
}

const wordsOf = ({ path, message }: Issue) => `${pointer(path)} ${message}`

/** The same in shape, and different in every character and digit. */
const other = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(/./gs, (it) => (it === 'x' ? 'y' : 'x'))
  if (typeof value === 'number')
    return Number(String(value).replace(/\d/g, (digit) => String((Number(digit) + 1) % 10)))
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return value.map(other)
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, other(inner)]))
  return value
}

import { parse, pointer, toError } from '@fnware/core/extend'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { constantWords } from './constant-words.ts'

/** What a schema makes of a value, or what is wrong with it, in words that show nothing of the value. */
export type Validated = { readonly value: unknown } | { readonly faults: readonly Fault[] }

export interface Fault {
  /** A JSON pointer to the field; empty for the value itself. */
  readonly field: string
  /** Left out where the schema's message shows something of the value. */
  readonly message: string | undefined
}

/**
 * Validates what must not be shown: messages that hold a part of any leaf of it are left out, unless the schema says the same
 * of any value.
 */
export const validated = async (schema: StandardSchemaV1, value: unknown): Promise<Validated> => {
  try {
    return { value: await parse(schema, value, undefined, Refusal) }
  } catch (error) {
    const shows = leaks(value)
    const told = (text: string) => (text && !shows(text) ? text : undefined)
    if (error instanceof Refusal) {
      const isConstant = await constantWords(schema, value)
      const faultOf = (issue: StandardSchemaV1.Issue): Fault => ({
        field: pointer(issue.path),
        message: isConstant(issue) ? issue.message || undefined : told(issue.message),
      })
      return { faults: error.issues.map(faultOf) }
    }
    const message = told(`the schema threw ${toError(error).name}: ${toError(error).message}`)
    return { faults: [{ field: '', message: message ?? 'the schema threw' }] }
  }
}

class Refusal extends Error {
  readonly issues: readonly StandardSchemaV1.Issue[]
  constructor(issues: readonly StandardSchemaV1.Issue[]) {
    super()
    this.issues = issues
  }
}

/** Faults as one line: `/port: must be a number; /host (…)`. */
export const described = (faults: readonly Fault[]): string => {
  const lines = faults
    .slice(0, most)
    .map(
      ({ field, message }) =>
        `${field || 'the value'}: ${message ?? "is not what it takes (the schema's own message shows the value)"}`,
    )
  const rest = faults.length - most
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}
const most = 20

/** Whether a text shows a leaf of the value, or a part of one. */
export const leaks = (value: unknown): ((text: string) => boolean) => {
  const leaves = leavesOf(value)
  return (text) => {
    const said = text.toLowerCase()
    return leaves.some((leaf) => (leaf.length < part ? holdsWord(said, leaf) : holdsPart(said, leaf)))
  }
}

/** Characters in a row that are no coincidence. */
const part = 4

/** By the parts of the text, which is much shorter than some values. */
const holdsPart = (text: string, leaf: string) => {
  for (let i = 0; i + part <= text.length; i++) if (leaf.includes(text.slice(i, i + part))) return true
  return false
}

/** A short one is in many a word: it counts where it stands by itself. */
const holdsWord = (text: string, leaf: string) => {
  for (let at = text.indexOf(leaf); at >= 0; at = text.indexOf(leaf, at + 1))
    if (!joins(text[at - 1], leaf[0]) && !joins(leaf.at(-1), text[at + leaf.length])) return true
  return false
}
const joins = (a: string | undefined, b: string | undefined) => /^[\p{L}\p{N}_]{2}$/u.test(`${a}${b}`)

/** Texts and numbers, in lower case, each also as JSON escapes it. Whether something is true tells nothing. */
const leavesOf = (root: unknown): string[] => {
  const found = new Set<string>()
  const add = (text: string) => {
    if (text === '') return
    found.add(text.toLowerCase())
    found.add(JSON.stringify(text).slice(1, -1).toLowerCase())
  }
  const open = new Set([root])
  // What is added while it is gone through is gone through as well, and once.
  for (const it of open)
    if (typeof it === 'string') add(it)
    else if (typeof it === 'number' || typeof it === 'bigint') add(String(it))
    else if (typeof it === 'object' && it !== null && !ArrayBuffer.isView(it))
      for (const inner of Object.values(it)) open.add(inner)
  return [...found]
}

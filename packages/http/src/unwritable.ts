/** Why a value cannot be written as JSON, and where in it the fault lies. */
export const unwritable = (value: unknown, error: unknown): string =>
  find(value, '', new Set()) ?? (error instanceof Error ? error.message : `it is a ${typeof value}`)

const find = (value: unknown, path: string, above: Set<unknown>): string | undefined => {
  const at = path || 'the result itself'
  if (typeof value === 'bigint') return `${at} is a BigInt: convert it, as with String()`
  if (typeof value !== 'object' || value === null) return path ? undefined : `it is a ${typeof value}`
  if (above.has(value)) return `${at} is circular`
  if (above.size > 200 || 'toJSON' in value) return undefined
  above.add(value)
  for (const key of Object.keys(value)) {
    let inner: unknown
    try {
      inner = (value as Record<string, unknown>)[key]
    } catch {
      return `reading ${path}/${key} throws`
    }
    const found = find(inner, `${path}/${key}`, above)
    if (found) return found
  }
  above.delete(value)
  return undefined
}

/** A document in which one field, at a path such as `a.b[0]`, has a value of another type. */
export interface Spoiled {
  readonly path: string
  readonly document: unknown
}

/** The document once for every field of it, and for every element of its lists. */
export function* spoiled(value: unknown, path = ''): Generator<Spoiled> {
  if (path !== '') yield { path, document: typeof value === 'string' ? 7.5 : 'wrong' }
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    for (const { path, document } of spoiled((value as Record<string, unknown>)[key], at)) {
      const copy = Array.isArray(value) ? [...value] : { ...value }
      Object.assign(copy, { [key]: document })
      yield { path, document: copy }
    }
  }
}

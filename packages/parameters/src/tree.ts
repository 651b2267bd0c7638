/** A parameter and one below it cannot both be a value under the same key. */
class TreeConflict extends Error {
  override readonly name: string = 'TreeConflict'
}

export interface Tree {
  readonly [name: string]: string | Tree
}

/**
 * Parameters below a path as an object: `/app/db/pool/size` below `/app/db/` is `pool.size`.
 * @param values by their full names
 * @throws Error where a parameter has others below it
 */
export const treeOf = (path: string, values: ReadonlyMap<string, string>): Tree => {
  const root: Branch = new Map()
  for (const [name, value] of values) put(root, name, name.slice(path.length).split('/').filter(Boolean), value)
  return objectOf(root)
}

type Branch = Map<string, string | Branch>

const put = (root: Branch, name: string, steps: readonly string[], value: string) => {
  const conflict = () =>
    new TreeConflict(`\`${name}\` and another parameter cannot be one key: a value and what has values below it`)
  let branch = root
  for (const step of steps.slice(0, -1)) {
    const next = branch.get(step) ?? new Map()
    if (typeof next === 'string') throw conflict()
    branch.set(step, next)
    branch = next
  }
  const last = steps.at(-1) ?? ''
  if (branch.has(last)) throw conflict()
  branch.set(last, value)
}

/** Defines keys and assigns none, so that one which is called `__proto__` is a key as any other. */
const objectOf = (branch: Branch): Tree =>
  Object.fromEntries(Array.from(branch, ([name, it]) => [name, typeof it === 'string' ? it : objectOf(it)]))

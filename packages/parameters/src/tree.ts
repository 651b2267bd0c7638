export interface Tree {
  readonly [name: string]: string | Tree
}

/**
 * Parameters below a path as an object: `/app/db/pool/size` below `/app/db/` is `pool.size`.
 * @param values by their full names
 */
export const treeOf = (
  path: string,
  values: ReadonlyMap<string, string>,
): { readonly tree: Tree; readonly conflict: string | undefined } => {
  const root: Branch = new Map()
  const clashing = Array.from(values).find(([name, value]) => !put(root, stepsOf(name, path), value))
  const conflict =
    clashing && `'${clashing[0]}' and another parameter cannot be one key: a value, and what has values below it`
  return { tree: objectOf(root), conflict }
}

type Branch = Map<string, string | Branch>

const stepsOf = (name: string, path: string) => name.slice(path.length).split('/').filter(Boolean)

/** Whether there was a place for it. */
const put = (root: Branch, steps: readonly string[], value: string): boolean => {
  let branch = root
  for (const step of steps.slice(0, -1)) {
    const next = branch.get(step) ?? new Map()
    if (typeof next === 'string') return false
    branch.set(step, next)
    branch = next
  }
  const last = steps.at(-1) ?? ''
  if (branch.has(last)) return false
  branch.set(last, value)
  return true
}

/** Defines keys and assigns none, so that one which is called `__proto__` is a key as any other. */
const objectOf = (branch: Branch): Tree =>
  Object.fromEntries(Array.from(branch, ([name, it]) => [name, typeof it === 'string' ? it : objectOf(it)]))

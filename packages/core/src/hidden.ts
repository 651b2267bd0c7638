/** Values that no log may show. On the global object, for a function that holds two copies of this package. */
export const hidden: Set<string> = /* @__PURE__ */ (() =>
  ((globalThis as Record<symbol, unknown>)[Symbol.for('fnware.hidden')] ??= new Set()) as never)()

/** Shorter ones would be found in what has nothing to do with them. */
const shortest = 6
/** Those of a rotation stay for a while. The ones that were told first go first. */
const most = 1000

/** A port: values that are to appear in no log, under whatever key. Those of fewer than six characters are not hidden. */
export const hide = (secrets: Iterable<string>): void => {
  for (const secret of secrets) {
    if (secret.length < shortest) continue
    hidden.delete(secret)
    hidden.add(secret)
  }
  for (const oldest of hidden) {
    if (hidden.size <= most) return
    hidden.delete(oldest)
  }
}

/** Those of the hidden values that a text shows. */
export const hiddenIn = (text: string): readonly string[] => {
  let found: string[] | undefined
  for (const value of hidden) if (text.includes(value)) (found ??= []).push(value)
  return found ?? none
}
const none: readonly string[] = []
export const withoutHidden = (text: string): string => text

/** Keys may be a client's: they must not fill the memory. */
const most = 2000

/**
 * What is decided of a key is decided once.
 * @param not keys of which it need not be decided: it is false
 */
export const remembered = (
  decide: (key: string) => boolean,
  not: ReadonlySet<string> = new Set(),
): ((key: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (key) => {
    let answer = known.get(key)
    if (answer === undefined) {
      answer = !not.has(key) && decide(key)
      if (known.size < most) known.set(key, answer)
    }
    return answer
  }
}

/** Keys may be a client's: they must not fill the memory. */
const most = 2000

/** What is decided of a key is decided once. */
export const remembered = (decide: (key: string) => boolean): ((key: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (key) => {
    let answer = known.get(key)
    if (answer === undefined) {
      answer = decide(key)
      if (known.size < most) known.set(key, answer)
    }
    return answer
  }
}

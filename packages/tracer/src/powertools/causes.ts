const deepest = 8

/** What was thrown, and after it what caused it. The SDK takes errors and text. */
export const causesOf = (error: unknown): readonly (Error | string)[] => {
  const seen = new Set<unknown>()
  for (let at = error; at !== undefined && at !== null && seen.size < deepest && !seen.has(at); at = causeOf(at))
    seen.add(at)
  return [...seen].map(told)
}

const causeOf = (thrown: unknown): unknown => {
  try {
    return (thrown as { readonly cause?: unknown }).cause
  } catch {
    return undefined
  }
}

const told = (thrown: unknown): Error | string => {
  try {
    if (thrown instanceof Error) return readable(thrown)
    return String(thrown)
  } catch {
    return '(unreadable)'
  }
}

/** The SDK reads these when it is told, and what throws then would harm the invocation. */
const readable = (error: Error) => {
  void [error.name, error.message, error.stack]
  return error
}

/** An error that the runtime itself reports. */
export function runtimeError(type, message, cause) {
  const error = new Error(message)
  error.name = `Runtime.${type}`
  if (cause?.stack && type === 'UserCodeSyntaxError') error.stack = cause.stack
  return error
}

/** What was thrown, as Lambda reports it; anything can be thrown, and reading it may throw once more. */
export function describe(error) {
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
    const clean = (text) => text?.replaceAll('\x7F', '%7F')
    const trace = clean(error.stack)?.split('\n') ?? []
    return { errorType: clean(error.name), errorMessage: clean(error.message), trace }
  } catch {
    const errorMessage =
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, ' +
      'name, and stack'
    return { errorType: 'handled', errorMessage, trace: [] }
  }
}

/** An error with the fields of its own, for the log. */
export function detail(error) {
  const readable = (_, value) => {
    if (!(value instanceof Error)) return value
    const stack = typeof value.stack === 'string' ? { stack: value.stack.split('\n') } : {}
    return { errorType: value.name, errorMessage: value.message, code: value.code, ...value, ...stack }
  }
  try {
    return JSON.stringify(error instanceof Error ? error : new Error(String(error)), readable)
  } catch {
    return JSON.stringify(describe(error))
  }
}

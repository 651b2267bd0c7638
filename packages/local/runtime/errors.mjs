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
    const clean = (text) => String(text).replaceAll('\x7F', '%7F')
    const trace = typeof error.stack === 'string' ? clean(error.stack).split('\n') : []
    return { errorType: clean(error.name), errorMessage: clean(error.message), trace }
  } catch {
    return { errorType: 'handled', errorMessage: 'an error was thrown that cannot be read', trace: [] }
  }
}

/** An error with all it carries (code, cause, own fields), for the log. */
export function detail(error) {
  const readable = (_, value) => {
    if (!(value instanceof Error)) return value
    const { name: errorType, message: errorMessage, code, cause } = value
    return { errorType, errorMessage, code, cause, ...value, stack: value.stack?.split('\n') }
  }
  try {
    return JSON.stringify(error instanceof Error ? error : new Error(String(error)), readable)
  } catch {
    return JSON.stringify(describe(error))
  }
}

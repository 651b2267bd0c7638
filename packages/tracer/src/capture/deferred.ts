/**
 * Whether undici sends something now that was asked for earlier, and perhaps by another: from a queue for one of the limited
 * connections of a dispatcher, or again after a failure or a redirect that a handler of its own has seen. The asynchronous
 * context is then that of a socket, which is whoever's was the first to use it. Only the stack tells.
 */
export const isDeferred = (): boolean => {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = deepest
    Error.prepareStackTrace = (_, sites) => sites
    const { stack } = new Error() as { stack?: unknown }
    return Array.isArray(stack) && stack.some(isOfDeferred)
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Calls on the stack within which a dispatcher is asked, with all that is put before it. */
const deepest = 18

/** An event near the top, where a minifier has taken the names. */
const isOfDeferred = (site: NodeJS.CallSite, depth: number): boolean => {
  const [name, file] = [site.getFunctionName() ?? '', site.getFileName() ?? '']
  return by.test(name) || handlers.test(file) || (depth < near && name === 'emit' && file === 'node:events')
}
const by = /\b(?:onDrain|emitDrain|RetryHandler|RedirectHandler)\b/
const handlers = /(?:retry|redirect)-handler\.[cm]?js$/
const near = 12

import { concurrency } from './concurrency.mjs'
import { describe, detail } from './errors.mjs'
import { identity } from './globals.mjs'

const { format } = process.getBuiltinModule('node:util')

const json = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON'

/** Makes `console` write as Lambda does. */
export function patchConsole() {
  // Written is written: an answer, or an exit, must not overtake a line.
  process.stdout._handle?.setBlocking?.(true)
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
  const least = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()))
  // Where lines of many invocations mix, they are JSON: each has to say whose it is.
  const line = json || concurrency ? jsonLine : textLine
  levels.forEach((level, i) => {
    console[level.toLowerCase()] =
      i < least ? () => {} : (message, ...rest) => void process.stdout.write(`${line(level, message, rest)}\n`)
  })
  console.log = console.info
}

/** A line break inside a message travels as \r, so that one message stays one log event. */
function textLine(level, message, rest) {
  const at = new Date().toISOString()
  return `${at}\t${identity().requestId}\t${level}\t${format(message, ...rest)}`.replaceAll('\n', '\r')
}

function jsonLine(level, message, rest) {
  const { requestId, tenantId } = identity()
  const entry = { timestamp: new Date().toISOString(), level, requestId, ...(tenantId && { tenantId }) }
  if (rest.length === 0) {
    const readable = (_, value) => (value instanceof Error ? { ...fields(value), ...value } : value)
    try {
      return JSON.stringify({ ...entry, message }, readable)
    } catch {
      return JSON.stringify({ ...entry, message: format(message) })
    }
  }
  const error = rest.find((value) => value instanceof Error)
  return JSON.stringify({ ...entry, message: format(message, ...rest), ...(error && fields(error)) })
}

const fields = (error) => ({
  errorType: error.constructor?.name ?? 'UnknownError',
  errorMessage: error.message,
  stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
})

export function logError(title, error) {
  if (json) console.error(error instanceof Error ? error : new Error(describe(error).errorMessage))
  else console.error(title, `\t${detail(error)}`)
}

import { describe, detail } from './errors.mjs'

const { format } = process.getBuiltinModule('node:util')

/** The invocation under way, which lines are written for. */
let current

/** @param {{ id: string, tenantId?: string } | undefined} invocation what lines belong to from now on */
export function logFor(invocation) {
  current = invocation
}

const json = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON'

/** Makes `console` write as Lambda does. */
export function patchConsole() {
  // Written is written: an answer, or an exit, must not overtake a line.
  process.stdout._handle?.setBlocking?.(true)
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
  const least = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()))
  const line = json ? jsonLine : textLine
  levels.forEach((level, i) => {
    console[level.toLowerCase()] =
      i < least ? () => {} : (...values) => process.stdout.write(`${line(level, values)}\n`)
  })
  console.log = console.info
}

/** A line break inside a message travels as \r, so that one message stays one log event. */
function textLine(level, values) {
  const at = new Date().toISOString()
  return `${at}\t${current?.id ?? '-'}\t${level}\t${format(...values)}`.replaceAll('\n', '\r')
}

function jsonLine(level, values) {
  const entry = { timestamp: new Date().toISOString(), level, requestId: current?.id ?? '-' }
  if (current?.tenantId) entry.tenantId = current.tenantId
  const fields = (error) => ({
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  })
  if (values.length === 1) {
    const readable = (_, value) => (value instanceof Error ? { ...fields(value), ...value } : value)
    try {
      return JSON.stringify({ ...entry, message: values[0] }, readable)
    } catch {
      return JSON.stringify({ ...entry, message: format(values[0]) })
    }
  }
  const error = values.slice(1).find((value) => value instanceof Error)
  return JSON.stringify({ ...entry, message: format(...values), ...(error && fields(error)) })
}

export function logError(title, error) {
  if (json) console.error(error instanceof Error ? error : new Error(describe(error).errorMessage))
  else console.error(title, `\t${detail(error)}`)
}

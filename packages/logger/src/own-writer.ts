import type { Identity } from './identity.ts'
import type { Method, Writer } from './powertools.ts'

type Attributes = Identity['attributes'] | undefined

/**
 * Writes the lines that Powertools' logger would write, without it: to load it and make one takes 8 ms of a cold start.
 * `own-writer.test.ts` holds them equal.
 */
export const ownWriter = (option: string | undefined): Writer => {
  const service = option || setting('POWERTOOLS_SERVICE_NAME') || 'service_undefined'
  const dev = /^(?:1|y|yes|t|true|on)$/i.test(setting('POWERTOOLS_DEV'))
  return {
    write: (method, message, fields, attributes) => {
      const line: Record<string, unknown> = {}
      fill(line, headOf(method, message, service, attributes))
      fill(line, fields)
      const text = JSON.stringify(line, undefined, dev ? 4 : 0)
      const isError = method === 'warn' || method === 'error' || method === 'critical'
      // Past the console, whose lines Lambda would put into others of its own.
      if (dev) console[isError ? 'error' : 'log'](text)
      else process[isError ? 'stderr' : 'stdout'].write(`${text}\n`)
    },
    formatError: ({ name, message, stack, cause, ...more }) => ({
      ...{ name, location: locationOf(stack), message, stack: dev ? stack?.split('\n') : stack, cause },
      ...more,
    }),
    logsEvents: setting('POWERTOOLS_LOGGER_LOG_EVENT').toLowerCase() === 'true',
  }
}

const setting = (name: string): string => process.env[name]?.trim() ?? ''

/** What is empty is left out, and hides nothing. */
const fill = (line: Record<string, unknown>, part: object): void => {
  for (const key of Object.keys(part)) {
    const value = (part as Record<string, unknown>)[key]
    if (value !== undefined && value !== null && value !== '' && key !== '__proto__') line[key] = value
  }
}

const headOf = (method: Method, message: string, service: string, attributes: Attributes) => {
  const { lambdaContext, sampleRateValue = 0, xRayTraceId } = attributes ?? {}
  return {
    level: method.toUpperCase(),
    message,
    timestamp: timestamp(),
    service,
    cold_start: lambdaContext?.coldStart,
    function_arn: lambdaContext?.invokedFunctionArn,
    function_memory_size: lambdaContext?.memoryLimitInMB,
    function_name: lambdaContext?.functionName,
    function_request_id: lambdaContext?.awsRequestId,
    sampling_rate: sampleRateValue,
    xray_trace_id: xRayTraceId,
    tenant_id: lambdaContext?.tenantId,
  }
}

/** In UTC, or the zone that `TZ` names. */
const timestamp = (): string => {
  const now = new Date()
  const zone = setting('TZ')
  return !zone || zone.includes('UTC') ? now.toISOString() : zoned(now)
}

const zoned = (now: Date): string => {
  const offset = -now.getTimezoneOffset()
  const hours = new Date(Math.abs(offset) * 60_000).toISOString().slice(11, 16)
  return `${new Date(now.getTime() + offset * 60_000).toISOString().slice(0, -1)}${offset < 0 ? '-' : '+'}${hours}`
}

/** Where an Error was made: `file:line`. */
const locationOf = (stack: string | undefined): string => {
  for (const line of stack?.split('\n') ?? []) {
    const [, file, row] = /\(([^()]*):(\d+):\d+\)$/.exec(line) ?? []
    if (file) return `${file}:${row}`
  }
  return ''
}

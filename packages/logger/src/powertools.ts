import type { LogFormatter, Logger } from '@aws-lambda-powertools/logger'
import type { Identity } from './identity.ts'
import type { Level } from './level.ts'

type Attributes = Parameters<LogFormatter['formatAttributes']>[0]
type Additional = Parameters<LogFormatter['formatAttributes']>[1]

/** The part of Powertools' Logger that is used of one that a user has. */
export interface PowertoolsLogger {
  createChild(options?: object): PowertoolsLogger
  getLevelName(): string
}

/** Gives a formatter an invocation's attributes where it looks for them, past the logger's state, which all share. */
class InvocationFormatter {
  readonly #formatter: LogFormatter
  /** Whose line is being written. A line is written in one go, so no two invocations meet here. */
  attributes: Identity['attributes'] | undefined = undefined
  constructor(formatter: LogFormatter) {
    this.#formatter = formatter
  }
  formatAttributes(base: Attributes, additional: Additional): ReturnType<LogFormatter['formatAttributes']> {
    return this.#formatter.formatAttributes(Object.assign(base, this.attributes) as Attributes, additional)
  }
  formatError(error: Error): ReturnType<LogFormatter['formatError']> {
    return this.#formatter.formatError(error)
  }
}

export type Method = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical'

/** Writes lines of every invocation. */
export interface Writer {
  write(method: Method, message: string, fields: object, attributes?: Identity['attributes']): void
  formatError(error: Error): object
  /** Whether each event is to be written, by `POWERTOOLS_LOGGER_LOG_EVENT`. */
  readonly logsEvents: boolean
}

/**
 * Writes through a Powertools logger of our own, which lets every level through: ours are decided for each invocation.
 * Made of the user's, if there is one, whose level and keys stay as they are.
 * @param floor what Lambda lets through, which Powertools minds by itself
 */
export const writer = (given: PowertoolsLogger, service: string | undefined, floor: Level | undefined): Writer => {
  // Its own sampling is drawn once for all invocations.
  const options = { ...(service && { serviceName: service }), sampleRateValue: 0, logBufferOptions: { enabled: false } }
  // It warns of a level below the floor, where it knows of one.
  const logger = given.createChild({ ...options, ...(given.getLevelName() !== floor && { logLevel: 'TRACE' }) })
  const own = logger as unknown as Omit<Logger, 'logFormatter'> & { logFormatter: LogFormatter }
  const inner = own.logFormatter
  const formatter = new InvocationFormatter(inner)
  own.logFormatter = formatter as never
  return {
    write: (method, message, fields, attributes) => {
      formatter.attributes = attributes
      own[method](message, fields as Record<string, unknown>)
    },
    formatError: (error) => inner.formatError(error),
    logsEvents: own.getLogEvent(),
  }
}

/**
 * What a user's logger says of levels and sampling. Where it samples, it may have drawn DEBUG for all invocations of this
 * environment: then nothing is known of its level.
 */
export const settingsOf = (given: PowertoolsLogger | undefined): { level?: string; sampleRate?: number } => {
  if (!given) return {}
  const { sampleRateValue: sampleRate = 0 } =
    (given as { powertoolsLogData?: { sampleRateValue?: number } }).powertoolsLogData ?? {}
  const level = given.getLevelName()
  return { sampleRate, ...(!(sampleRate > 0 && level === 'DEBUG') && { level }) }
}

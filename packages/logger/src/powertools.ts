import { LogFormatter, Logger } from '@aws-lambda-powertools/logger'
import type { Level } from './level.ts'

type Attributes = Parameters<LogFormatter['formatAttributes']>[0]
type Additional = Parameters<LogFormatter['formatAttributes']>[1]

/** The part of Powertools' Logger that is used of one that a user has. */
export interface PowertoolsLogger {
  createChild(options?: object): PowertoolsLogger
  getLevelName(): string
}

/** Where a line carries its invocation's own attributes to the formatter, past the logger's state, which all share. */
export const invocationKey = '\0invocation'

/** Gives a formatter an invocation's attributes where it looks for them. */
class InvocationFormatter extends LogFormatter {
  readonly #formatter: LogFormatter
  constructor(formatter: LogFormatter) {
    super()
    this.#formatter = formatter
  }
  override formatAttributes(base: Attributes, additional: Additional): ReturnType<LogFormatter['formatAttributes']> {
    const { [invocationKey]: invocation, ...rest } = additional
    return this.#formatter.formatAttributes({ ...base, ...(invocation as object) } as Attributes, rest as Additional)
  }
  override formatError(error: Error): ReturnType<LogFormatter['formatError']> {
    return this.#formatter.formatError(error)
  }
}

/** Writes lines of every invocation. */
export interface Writer {
  readonly logger: Logger
  formatError(error: Error): object
}

/**
 * A Powertools logger of our own, which lets every level through: ours are decided for each invocation. Made of the
 * user's, if there is one, whose level and keys stay as they are.
 * @param floor what Lambda lets through, which Powertools minds by itself
 */
export const writer = (
  given: PowertoolsLogger | undefined,
  service: string | undefined,
  floor: Level | undefined,
): Writer => {
  const own = (given ?? new Logger({ sampleRateValue: 0 })) as Logger
  const formatter = (own as unknown as { getLogFormatter(): LogFormatter }).getLogFormatter()
  const logger = own.createChild({
    ...(floor ? {} : { logLevel: 'TRACE' }),
    ...(service && { serviceName: service }),
    // Its own sampling is drawn once for all invocations.
    sampleRateValue: 0,
    logFormatter: new InvocationFormatter(formatter),
    logBufferOptions: { enabled: false },
  })
  return { logger, formatError: (error) => formatter.formatError(error) }
}

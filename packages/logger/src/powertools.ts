import type { LogFormatter, Logger } from '@aws-lambda-powertools/logger'
import { fits, fitting } from './bounds.ts'
import { lineWithout } from './hidden-values.ts'
import type { Identity } from './identity.ts'
import type { Level } from './level.ts'
import { apart, keysOf, messageOf, together } from './line.ts'
import { Cleaning, type IsSensitive } from './redact.ts'
import type { Method, Writer } from './writer.ts'

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
  /** Whose line is being made. A line is made in one go, so no two invocations meet here. */
  attributes: object | undefined = undefined
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

type Own = Omit<Logger, 'logFormatter' | 'console'> & { logFormatter: InvocationFormatter; console: object }

/**
 * Makes lines by a Powertools logger of our own, which lets every level through: ours are decided for each invocation. It is
 * made of the user's, whose level and keys stay as they are.
 */
export class PowertoolsWriter implements Writer {
  readonly logsEvents: boolean
  readonly #logger: Own
  readonly #formatter: InvocationFormatter
  readonly #formatError: (error: Error) => object
  readonly #isSensitive: IsSensitive
  readonly #byValue: boolean
  #made = ''

  /**
   * @param floor what Lambda lets through, which Powertools minds by itself
   * @param byValue whether values that are known to be secret are hidden wherever they stand
   */
  constructor(
    given: PowertoolsLogger,
    service: string | undefined,
    floor: Level | undefined,
    isSensitive: IsSensitive,
    byValue: boolean,
  ) {
    this.#isSensitive = isSensitive
    this.#byValue = byValue
    // Its own sampling is drawn once for all invocations.
    const options = {
      ...(service && { serviceName: service }),
      sampleRateValue: 0,
      logBufferOptions: { enabled: false },
    }
    // It warns of a level below the floor, where it knows of one.
    const logger = given.createChild({ ...options, ...(given.getLevelName() !== floor && { logLevel: 'TRACE' }) })
    this.#logger = logger as unknown as Own
    const formatter = this.#logger.logFormatter as unknown as LogFormatter
    this.#formatError = (error) => formatter.formatError(error)
    this.#formatter = new InvocationFormatter(formatter)
    this.#logger.logFormatter = this.#formatter
    this.logsEvents = this.#logger.getLogEvent()
    const take = (line: string) => {
      this.#made += `${this.#made && '\n'}${line}`
    }
    this.#logger.console = { trace: take, debug: take, info: take, warn: take, error: take, log: take }
  }

  line(
    method: Method,
    message: unknown,
    identity: Identity | undefined,
    keys: object,
    extra?: object,
    at?: number,
  ): string {
    let told = 'a line that cannot be written'
    let left = '[cannot be read]'
    try {
      const { text, more } = messageOf(message)
      told = text
      const line = fitting((bounds) => {
        const cleaning = new Cleaning(this.#isSensitive, this.#formatError, bounds)
        const said = cleaning.clean(text) as string
        const fields = cleaning.clean(together(identity?.keys, keys, more, keysOf(extra)))
        return this.#make(method, said, apart(fields as object), identity, at)
      })
      if (line !== undefined) return line
      left = '[cut: the line was too long]'
    } catch {
      // What a line tells of must not fail for the line's sake.
    }
    told = told.slice(0, 1000)
    try {
      const line = this.#make(method, told, { ...identity?.keys, extra: left }, identity, at)
      if (fits(line)) return line
    } catch {
      // A formatter that fails.
    }
    return lineWithout(JSON.stringify({ level: method.toUpperCase(), message: told, extra: left }), {})
  }

  #make(method: Method, message: string, fields: object, identity: Identity | undefined, at?: number): string {
    this.#made = ''
    this.#formatter.attributes =
      at === undefined ? identity?.attributes : { ...identity?.attributes, timestamp: new Date(at) }
    this.#logger[method](message, fields as Record<string, unknown>)
    const line = this.#made
    this.#made = ''
    return this.#byValue ? lineWithout(line, fields) : line
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

import type { Context, Middleware } from '@fnware/core'
import { checkOptions, coldStartOf, correlationOf, reportTo, writeLine } from '@fnware/core/extend'
import { complete } from './completion.ts'
import { type Identity, identityOf } from './identity.ts'
import { InvocationLogger, type Logger } from './invocation-logger.ts'
import { type Level, least, levelsOf, lower } from './level.ts'
import { reserved } from './line.ts'
import { OwnWriter } from './own-writer.ts'
import { type PowertoolsLogger, PowertoolsWriter, settingsOf } from './powertools.ts'
import { hidesValues, type Redaction, sensitive } from './sensitive.ts'

export interface LoggerOptions {
  /** The service that every line names; `POWERTOOLS_SERVICE_NAME` by default. */
  readonly service?: string
  /**
   * The least that is written, in any case; by default a given logger's own level, or else what `POWERTOOLS_LOG_LEVEL` or
   * `LOG_LEVEL` says, or INFO. `AWS_LAMBDA_LOG_LEVEL` is a floor that nothing goes below.
   */
  readonly level?: Level | Lowercase<Level>
  /**
   * The share of invocations, from 0 to 1, that write DEBUG lines too; by default a given logger's own,
   * `POWERTOOLS_LOGGER_SAMPLE_RATE`, or 0.
   */
  readonly sampleRate?: number
  /** Keys of every line, other than those that Powertools writes itself, such as `service`. */
  readonly keys?: Readonly<Record<string, unknown>>
  /**
   * Values under keys such as `password`, `authorization` or `stripeSecretKey` are replaced, at any depth. More keys, or
   * `{ add, except }`, or false for none of it. Values that `@fnware/secrets` has fetched are replaced wherever they stand,
   * unless `{ values: false }`.
   */
  readonly redact?: readonly string[] | Redaction | false
  /**
   * What ties an invocation to its cause: up to 256 printable ASCII characters. Found by the shape of the event by default,
   * and where this gives nothing of the kind.
   */
  readonly correlationId?: (event: unknown, context: Context) => string | undefined
  /** Whether each invocation ends with a line on how it went; true by default. */
  readonly completion?: boolean
  /**
   * A Powertools logger to write with: its service, keys, formatter and replacer as they are now. It stays as it is itself.
   * Its buffering is not used.
   */
  readonly logger?: PowertoolsLogger
}

/**
 * Logs of each invocation, as JSON lines in Powertools' form: `ctx.logger`, a line when the invocation ends, and whatever
 * went wrong in it unexpectedly.
 *
 * @param options or a Powertools logger that is there already
 * @param more options beside such a logger
 * @throws TypeError on an unknown option or level
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export const logger = (
  options: LoggerOptions | PowertoolsLogger = {},
  more?: Omit<LoggerOptions, 'logger'>,
): Middleware<{}, { readonly logger: Logger }> => {
  const given = checked(options, more)
  const own = settingsOf(given.logger)
  const { service, sampleRate = own.sampleRate ?? rateFromEnvironment(), keys = {}, completion = true } = given
  const levels = levelsOf(given.level, own.level)
  const sampledLevel = lower(levels.level, least('DEBUG', levels.floor))
  const correlating = given.correlationId && { id: given.correlationId }
  const isSensitive = sensitive(given.redact ?? [])
  const byValue = hidesValues(given.redact)
  const lines = given.logger
    ? new PowertoolsWriter(given.logger, service, levels.floor, isSensitive, byValue)
    : new OwnWriter(service, isSensitive, byValue)
  if (levels.warning) writeLine(lines.line('warn', levels.warning, undefined, {}))

  return (ctx, next) => {
    // Where nothing else has asked for it, `performance` takes 0.6 ms of a cold start to load.
    const started = process.hrtime()
    const { event, context } = ctx
    const level = sampleRate > 0 && Math.random() < sampleRate ? sampledLevel : levels.level
    const coldStart = coldStartOf(ctx)
    // Made by the first line: most invocations of a function that logs errors alone write none.
    let identity: Identity | undefined
    const identify = (): Identity => {
      if (identity) return identity
      const { id, error } = correlationOf(ctx, correlating)
      identity = identityOf(context, id, coldStart, sampleRate)
      if (error) logger.warn('logger(): `correlationId` failed', error)
      return identity
    }
    const logger = new InvocationLogger(level, lines, identify, keys)
    reportTo(ctx, (level, message, error) => logger[level](message, error === undefined ? undefined : { error }))
    if (completion) ctx.defer((ending) => complete(logger, ending, started, context))
    if (lines.logsEvents) logger.info('Lambda invocation event', { event: withoutText(event) })
    return next({ logger })
  }
}

/** An event's texts may hold what its keys do not tell: a body is told by its length, a query string by its map. */
const withoutText = (event: unknown): unknown => {
  if (typeof event !== 'object' || event === null) return event
  const { body, rawQueryString, ...rest } = event as { body?: unknown; rawQueryString?: unknown }
  return {
    ...rest,
    ...(typeof body === 'string' && { body: `[${body.length} characters]` }),
    ...(rawQueryString !== undefined && { rawQueryString: '[see queryStringParameters]' }),
  }
}

const checked = (options: LoggerOptions | PowertoolsLogger, more: LoggerOptions | undefined): LoggerOptions => {
  if (isLogger(options)) return { ...(more && checkedOptions(more)), logger: options }
  const alone = checkedOptions(options)
  if (more !== undefined)
    throw new TypeError('logger() takes options alone, or a Logger of Powertools and options beside it')
  return alone
}

const checkedOptions = (options: LoggerOptions): LoggerOptions => {
  checkOptions('logger()', options, {
    service: 'string',
    level: 'string',
    sampleRate: 'number',
    keys: 'object',
    redact: 'any',
    correlationId: 'function',
    completion: 'boolean',
    logger: 'object',
  })
  if (options.logger && !isLogger(options.logger))
    throw new TypeError('logger(): `logger` must be a Logger of Powertools')
  if (options.sampleRate !== undefined && options.sampleRate > 1)
    throw new TypeError('logger(): `sampleRate` must be a share from 0 to 1')
  const taken = reserved.find((key) => key in (options.keys ?? {}))
  if (taken) throw new TypeError(`logger(): \`keys\` cannot hold \`${taken}\`, which Powertools writes itself`)
  return options
}

const isLogger = (value: unknown): value is PowertoolsLogger =>
  typeof (value as Partial<PowertoolsLogger> | null)?.createChild === 'function'

const rateFromEnvironment = () => {
  const rate = Number(process.env.POWERTOOLS_LOGGER_SAMPLE_RATE)
  return rate >= 0 && rate <= 1 ? rate : 0
}

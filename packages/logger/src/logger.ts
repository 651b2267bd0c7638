import type { Context, Middleware } from '@fnware/core'
import { checkOptions, perRecord, reportTo, writeLine } from '@fnware/core/extend'
import { type BufferOptions, bufferingOf } from './buffer.ts'
import { ChosenLevel } from './chosen-level.ts'
import { complete } from './completion.ts'
import { type Common, InvocationLines } from './invocation-lines.ts'
import { invocationLogger, type Logger } from './invocation-logger.ts'
import { type Level, levelsOf } from './level.ts'
import { reserved } from './line.ts'
import { OwnWriter } from './own-writer.ts'
import { type PowertoolsLogger, PowertoolsWriter, settingsOf } from './powertools.ts'
import { hidesValues, type Redaction, sensitive } from './sensitive.ts'

export interface LoggerOptions<in Needs extends object = {}> {
  /** The service that every line names; `POWERTOOLS_SERVICE_NAME` by default. */
  readonly service?: string
  /**
   * The least that is written, in any case; by default a given logger's own level, or else what `POWERTOOLS_LOG_LEVEL` or
   * `LOG_LEVEL` says, or INFO. `AWS_LAMBDA_LOG_LEVEL` is a floor that nothing goes below.
   *
   * A function is asked at each invocation, with what is on the context by then, such as parameters: `({ parameters }) =>
   * parameters.logLevel`. Where it gives no level, that is told once, and the last one holds.
   */
  readonly level?: Level | Lowercase<Level> | ((resources: Needs) => string | undefined)
  /**
   * The share of invocations, from 0 to 1, that write DEBUG lines too; by default a given logger's own,
   * `POWERTOOLS_LOGGER_SAMPLE_RATE`, or 0. Where what caused an invocation says so already, that counts; and what it causes
   * is told, by `correlation()` of the core.
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
  /**
   * Keeps the lines of each invocation that are not written, such as DEBUG lines, and writes them in their order when it
   * fails, runs out of time, or writes a line of ERROR and above; false by default.
   */
  readonly buffer?: boolean | BufferOptions
  /**
   * Whether a client of an HTTP API may have DEBUG lines written, by `x-correlation-debug: 1`. False by default: anybody
   * could. What comes by queues, events and invocations is believed.
   */
  readonly trustDebug?: boolean
  /** Whether each invocation ends with a line on how it went; true by default. */
  readonly completion?: boolean
  /**
   * A Powertools logger to write with: its service, keys, formatter and replacer as they are now. It stays as it is itself.
   * Its buffering is not used: say `buffer` here.
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
export const logger = <Needs extends object = {}>(
  options: LoggerOptions<Needs> | PowertoolsLogger = {},
  more?: Omit<LoggerOptions<Needs>, 'logger'>,
): Middleware<Needs, { readonly logger: Logger }> => {
  const given = checked(options, more)
  const own = settingsOf(given.logger)
  const { level: option, service, sampleRate = own.sampleRate ?? rateFromEnvironment(), completion = true } = given
  const levels = typeof option === 'function' ? levelsOf(undefined, own.level, true) : levelsOf(option, own.level)
  const isSensitive = sensitive(given.redact ?? [])
  const byValue = hidesValues(given.redact)
  const writer = given.logger
    ? new PowertoolsWriter(given.logger, service, levels.floor, isSensitive, byValue)
    : new OwnWriter(service, isSensitive, byValue)
  const chosen = typeof option === 'function' ? new ChosenLevel(option, levels, writer) : undefined
  const keys = { ...given.keys }
  const buffering = bufferingOf(given.buffer)
  const common: Common = {
    writer,
    correlation: {
      ...(given.correlationId && { id: given.correlationId }),
      ...(given.trustDebug !== undefined && { trustDebug: given.trustDebug }),
    },
    sampleRate,
    buffering,
    floor: levels.floor ?? 'TRACE',
  }
  if (levels.warning) writeLine(writer.line('warn', levels.warning, undefined, {}))

  return (ctx, next) => {
    // Where nothing else has asked for it, `performance` takes 0.6 ms of a cold start to load.
    const started = process.hrtime()
    const { event, context } = ctx
    const lines = new InvocationLines(common, ctx, chosen ? chosen.of(ctx) : levels.level)
    const logger = invocationLogger(lines, keys)
    reportTo(ctx, (level, message, error, record) => {
      if (level === 'error') lines.failed(record?.id)
      const told = record ? (logger[perRecord](record.id, record.ctx) as Logger) : logger
      told[level](message, error === undefined ? undefined : { error })
    })
    if (completion || buffering)
      ctx.defer((ending) => {
        if (completion) complete(logger, ending, started, event, context)
        if (buffering) lines.release(ending.outcome === 'error' || ending.outcome === 'timeout')
      })
    if (writer.logsEvents) logger.info('Lambda invocation event', { event: withoutText(event) })
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

const checked = <Needs extends object>(
  options: LoggerOptions<Needs> | PowertoolsLogger,
  more: LoggerOptions<Needs> | undefined,
): LoggerOptions<Needs> => {
  if (isLogger(options)) return { ...(more && checkedOptions(more)), logger: options }
  const alone = checkedOptions(options)
  if (more !== undefined)
    throw new TypeError('logger() takes options alone, or a Logger of Powertools and options beside it')
  return alone
}

const checkedOptions = <Needs extends object>(options: LoggerOptions<Needs>): LoggerOptions<Needs> => {
  checkOptions('logger()', options, {
    service: 'string',
    level: typeof options.level === 'function' ? 'function' : 'string',
    sampleRate: 'number',
    keys: 'object',
    redact: 'any',
    correlationId: 'function',
    buffer: typeof options.buffer === 'boolean' ? 'boolean' : 'object',
    trustDebug: 'boolean',
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

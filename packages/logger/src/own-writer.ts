import { hiddenIn, withoutHidden } from '@fnware/core/extend'
import { fits, fitting, unbounded } from './bounds.ts'
import { Clock } from './clock.ts'
import { errorFormat } from './formatted-error.ts'
import { revealing } from './hidden-values.ts'
import type { Identity } from './identity.ts'
import { apart, keysOf, messageOf, reserved, together } from './line.ts'
import { Cleaning, harmless, type IsSensitive, isNaming, redacted } from './redact.ts'
import { setting } from './setting.ts'
import type { Method, Writer } from './writer.ts'

/** What is known of a key, which is looked up once. */
interface Key {
  /** `,"key":` */
  readonly text: string
  readonly sensitive: boolean
  /** Whether it says what stands under another. */
  readonly naming: boolean
  /** Whether the line has it already, or JavaScript or Powertools another place for it. */
  readonly apart: boolean
}

/** Of the last function that was told of, as a context names it. */
interface Last {
  readonly arn?: string | undefined
  readonly memory?: string | undefined
  readonly name?: string | undefined
  readonly text: string
}

/** Keys may be a client's: they must not fill the memory. */
const most = 2000

/** Of a line's head, which a field may replace. */
const inHead = new Set([
  ...['cold_start', 'function_arn', 'function_memory_size', 'function_name', 'function_request_id', 'xray_trace_id'],
  ...['tenant_id', 'correlation_id', '__proto__', 'toJSON', ...reserved],
])

/**
 * Writes the lines that Powertools' logger would write, without it: to load it and make one takes 8 ms of a cold start, and
 * each line three times as long. `own-writer.test.ts` holds them equal.
 */
export class OwnWriter implements Writer {
  readonly logsEvents: boolean = setting('POWERTOOLS_LOGGER_LOG_EVENT').toLowerCase() === 'true'
  readonly #service: string
  readonly #isSensitive: IsSensitive
  readonly #byValue: boolean
  readonly #dev: boolean = /^(?:1|y|yes|t|true|on)$/i.test(setting('POWERTOOLS_DEV'))
  readonly #formatError = errorFormat(this.#dev)
  readonly #clock = new Clock()
  readonly #known = new Map<string, Key>()
  #last: Last = { text: '' }

  /** @param byValue whether values that are known to be secret are hidden wherever they stand */
  constructor(service: string | undefined, isSensitive: IsSensitive, byValue: boolean) {
    this.#service = service || setting('POWERTOOLS_SERVICE_NAME') || 'service_undefined'
    this.#isSensitive = isSensitive
    this.#byValue = byValue
  }

  line(
    method: Method,
    message: unknown,
    identity: Identity | undefined,
    keys: object,
    extra?: object,
    at?: number,
  ): string {
    try {
      const line = this.#dev ? undefined : this.#quick(method, message, identity, keys, extra, at)
      if (line !== undefined && fits(line)) return line
    } catch {
      // The way that takes longer says of each value what is wrong with it.
    }
    return this.#whole(method, message, identity, keys, extra, at)
  }

  /** By pieces, of which those that are the same for many lines are made once. Nothing where they depend on each other. */
  #quick(method: Method, message: unknown, identity: Identity | undefined, keys: object, extra: unknown, at?: number) {
    const { text, more } = typeof message === 'string' ? { text: message } : messageOf(message)
    const fields = mixed(keys, more, keysOf(extra))
    const body = fields === undefined ? '' : this.#body(fields)
    if (body === undefined) return undefined
    const said = this.#byValue ? withoutHidden(text) : text
    const told = said === '' ? '' : `,"message":${quoted(said)}`
    const shown = this.#byValue && hiddenIn(body).length > 0 ? bodyWithout(body) : body
    return `{"level":"${levels[method]}"${told},"timestamp":"${this.#clock.at(at ?? Date.now())}"${this.#head(identity)}${shown}}`
  }

  #body(fields: object): string | undefined {
    let body = ''
    let cleaning: Cleaning | undefined
    for (const name of Object.keys(fields)) {
      const key = this.#key(name)
      let value = (fields as Record<string, unknown>)[name]
      if (key.apart || (key.naming && typeof value === 'string' && this.#isSensitive(value))) return undefined
      if (isEmpty(value)) continue
      if (key.sensitive && !harmless(value)) value = redacted
      else if (typeof value === 'object' || typeof value === 'function' || typeof value === 'bigint') {
        cleaning ??= new Cleaning(this.#isSensitive, this.#formatError, unbounded)
        value = cleaning.clean(value)
        if (isEmpty(value)) continue
      }
      const text = json(value)
      if (text !== undefined) body += key.text + text
    }
    return body
  }

  #key(name: string): Key {
    let key = this.#known.get(name)
    if (!key) {
      key = {
        text: `,${JSON.stringify(name)}:`,
        sensitive: this.#isSensitive(name),
        naming: isNaming(name),
        // JavaScript has whole numbers before all other keys.
        apart: inHead.has(name) || /^\d+$/.test(name),
      }
      if (this.#known.size < most) this.#known.set(name, key)
    }
    return key
  }

  /** What the lines of an invocation have in common, from its service on. */
  #head(identity: Identity | undefined): string {
    if (identity?.head !== undefined) return identity.head
    const { lambdaContext, sampleRateValue = 0, xRayTraceId } = identity?.attributes ?? {}
    const id = identity?.keys.correlation_id
    const head =
      `,"service":${json(this.#service)}${pair('cold_start', lambdaContext?.coldStart)}${this.#function(lambdaContext)}` +
      `${pair('function_request_id', lambdaContext?.awsRequestId)},"sampling_rate":${sampleRateValue}` +
      `${pair('xray_trace_id', xRayTraceId)}${pair('tenant_id', lambdaContext?.tenantId)}` +
      // Some of it may be a client's.
      pair('correlation_id', id && this.#byValue ? withoutHidden(id) : id)
    if (identity) identity.head = head
    return head
  }

  /** The same for nearly all invocations of an environment. */
  #function(of: Identity['attributes']['lambdaContext']): string {
    const { invokedFunctionArn: arn, memoryLimitInMB: memory, functionName: name } = of ?? {}
    const last = this.#last
    if (last.arn === arn && last.memory === memory && last.name === name) return last.text
    const text = pair('function_arn', arn) + pair('function_memory_size', memory) + pair('function_name', name)
    this.#last = { arn, memory, name, text }
    return text
  }

  #headOf(identity: Identity | undefined): Record<string, unknown> {
    const { lambdaContext, sampleRateValue = 0, xRayTraceId } = identity?.attributes ?? {}
    return {
      service: this.#service,
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

  /** As one object, as Powertools makes it: where a field replaces another, and where not all of it has room. */
  #whole(
    method: Method,
    message: unknown,
    identity: Identity | undefined,
    keys: object,
    extra: unknown,
    at?: number,
  ): string {
    let told: unknown = 'a line that cannot be written'
    let left = '[cannot be read]'
    const make = (said: unknown, fields: object) => {
      const line: Record<string, unknown> = {}
      fill(line, { level: levels[method], message: said, timestamp: this.#clock.at(at ?? Date.now()) })
      fill(line, this.#headOf(identity))
      fill(line, fields)
      return JSON.stringify(line, undefined, this.#dev ? 4 : 0)
    }
    try {
      const { text, more } = messageOf(message)
      told = text
      const line = fitting((bounds) => {
        const cleaning = new Cleaning(this.#isSensitive, this.#formatError, bounds)
        const said = cleaning.clean(text)
        const fields = cleaning.clean(together(identity?.keys, keys, more, keysOf(extra))) as object
        return this.#byValue ? make(...revealing(said, apart(fields))) : make(said, apart(fields))
      })
      if (line !== undefined) return line
      left = '[cut: the line was too long]'
    } catch {
      // What a line tells of must not fail for the line's sake.
    }
    return make(...revealing(String(told).slice(0, 1000), { ...identity?.keys, extra: left }))
  }
}

const levels: Readonly<Record<Method, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  critical: 'CRITICAL',
}

/** Nothing where there is nothing, and no copy where there is one alone. */
const mixed = (keys: object, more: object | undefined, extra: object | undefined): object | undefined => {
  for (const _ in keys) return together(keys, more, extra)
  return more ? together(more, extra) : extra
}

/** Left out. */
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** What is not there keeps its place in the line. */
const fill = (line: Record<string, unknown>, part: object): void => {
  for (const [key, value] of Object.entries(part)) {
    if (key === '__proto__') continue
    if (value !== undefined) line[key] = value === null || value === '' ? undefined : value
    else if (!(key in line)) line[key] = undefined
  }
}

const pair = (key: string, value: unknown): string => (isEmpty(value) ? '' : `,"${key}":${json(value)}`)

const json = (value: unknown): string | undefined => {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null'
  return JSON.stringify(value)
}

/** What JSON escapes. */
const special = /[^\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]/
const quoted = (text: string): string => (text.length < 40 && !special.test(text) ? `"${text}"` : JSON.stringify(text))

const bodyWithout = (body: string): string => {
  const [, fields] = revealing('', JSON.parse(`{${body.slice(1)}}`) as object)
  const text = JSON.stringify(fields)
  return text === '{}' ? '' : `,${text.slice(1, -1)}`
}

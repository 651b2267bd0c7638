import type { Context } from '../context.ts'
import { debugName, idName } from './names.ts'

export interface Received {
  readonly id: string
  readonly debug?: boolean | undefined
}

/** What a service delivers a correlation by, and what else it knows an event by. */
interface Brought {
  /** A value that a caller has handed on, by its name. */
  readonly carried: (name: string) => unknown
  /** Ids of the service's own, the best first. */
  readonly ids: readonly unknown[]
  /** Whether it came from a client of an HTTP API, who may be anybody. */
  readonly isPublic?: boolean
}

/**
 * What came with an event.
 * @param id the user's own, which goes before all others
 * @param trusted whether a client of an HTTP API is believed as well
 */
export const received = (event: unknown, context: Context | undefined, id: unknown, trusted = false): Received => {
  const { ids, debug } = read(event, trusted)
  return { id: [id, ...ids, context?.awsRequestId].find(isId) ?? crypto.randomUUID(), debug }
}

const read = (
  event: unknown,
  trusted: boolean,
): { readonly ids: readonly unknown[]; readonly debug?: boolean | undefined } => {
  try {
    if (typeof event !== 'object' || event === null) return { ids: [] }
    const { carried, ids, isPublic } = broughtBy(event)
    const all = [carried(idName), ...ids]
    return isPublic && !trusted ? { ids: all } : { ids: all, debug: decision(carried(debugName)) }
  } catch {
    // An event that cannot be read has no id of its own.
    return { ids: [] }
  }
}

interface AnyEvent {
  readonly headers?: Readonly<Record<string, unknown>> | null
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null
  readonly requestContext?: { readonly requestId?: unknown } | null
  readonly Records?: readonly AnyRecord[]
  readonly id?: unknown
  readonly detail?: unknown
  readonly 'detail-type'?: unknown
  readonly invocationId?: unknown
}
interface AnyRecord {
  readonly messageId?: unknown
  readonly messageAttributes?: Attributes
  readonly body?: unknown
  readonly eventID?: unknown
  readonly Sns?: { readonly MessageId?: unknown; readonly MessageAttributes?: Attributes }
  readonly responseElements?: Readonly<Record<string, unknown>>
  readonly ses?: { readonly mail?: { readonly messageId?: unknown } }
}
type Attributes = Readonly<Record<string, { readonly stringValue?: unknown; readonly Value?: unknown } | undefined>>

const nothing: Brought = { carried: () => undefined, ids: [] }

const broughtBy = (event: AnyEvent): Brought => {
  if (event.requestContext) {
    const carried = (name: string) => headerOf(event, name)
    return { carried, ids: [event.requestContext.requestId, carried('x-amzn-trace-id')], isPublic: true }
  }
  if (event['detail-type'] !== undefined) return { carried: fieldsOf(event.detail), ids: [event.id] }
  if (Array.isArray(event.Records)) {
    // A batch of several has no id of its own.
    return event.Records.length === 1 ? broughtByRecord(event.Records[0] as AnyRecord) : nothing
  }
  return { carried: fieldsOf(event), ids: [event.invocationId] }
}

const broughtByRecord = (record: AnyRecord): Brought => ({
  carried: (name) => {
    const attributes = record.messageAttributes ?? record.Sns?.MessageAttributes
    const attribute = attributes?.[name] ?? notified(record.body)?.[name]
    return attribute?.stringValue ?? attribute?.Value
  },
  ids: [
    record.messageId,
    record.Sns?.MessageId,
    record.eventID,
    record.responseElements?.['x-amz-request-id'],
    record.ses?.mail?.messageId,
  ],
})

/** The attributes of an SNS notification that a queue holds as a whole, as it does unless raw delivery is on. */
const notified = (body: unknown): Attributes | undefined => {
  if (typeof body !== 'string' || !body.includes(`"${idName}"`) || !/^\{\s*"Type"\s*:\s*"Notification"/.test(body))
    return undefined
  try {
    return (JSON.parse(body) as { MessageAttributes?: Attributes }).MessageAttributes
  } catch {
    return undefined
  }
}

const fieldsOf =
  (value: unknown) =>
  (name: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Readonly<Record<string, unknown>>)[name]
      : undefined

const headerOf = ({ headers, multiValueHeaders }: AnyEvent, name: string): unknown => {
  const all = headers ?? multiValueHeaders ?? {}
  const value = all[Object.keys(all).find((key) => key.toLowerCase() === name) ?? name]
  return Array.isArray(value) ? value[0] : value
}

/** Some of them are a client's: neither endless nor able to write into a log what does not belong there. */
const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length > 0 && id.length <= 256 && !/[^\x20-\x7e]/.test(id)

const decision = (said: unknown) => (said === '1' ? true : said === '0' ? false : undefined)

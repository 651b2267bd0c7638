import type { Context } from '../context.ts'
import { debugName, idName } from './names.ts'

/** What a service delivers a correlation by, and what else it knows an event by. */
interface Brought {
  /** A value that a caller has handed on, by its name. */
  readonly carried: (name: string) => unknown
  /** Ids of the service's own, the best first. */
  readonly ids: readonly unknown[]
}

/**
 * The id of what caused an event: the first that is one of the user's own, one that was handed on, and one that the service
 * or Lambda knows it by.
 */
export const idOf = (own: unknown, event: unknown, context: Context | undefined): string => {
  const { carried, ids } = brought(event)
  return [own, carried(idName), ...ids, context?.awsRequestId].find(isId) ?? crypto.randomUUID()
}

/**
 * Whether DEBUG lines are to be written, where that was decided before.
 * @param trusted whether a client of an HTTP API is believed as well, who may be anybody
 */
export const debugIn = (event: unknown, trusted = false): boolean | undefined => {
  if (!trusted && isPublic(event)) return undefined
  const said = brought(event).carried(debugName)
  return said === '1' ? true : said === '0' ? false : undefined
}

const isPublic = (event: unknown): boolean => {
  try {
    return Boolean((event as AnyEvent | null | undefined)?.requestContext)
  } catch {
    return true
  }
}

/** An event that cannot be read has brought nothing. */
const brought = (event: unknown): Brought => {
  try {
    if (typeof event !== 'object' || event === null) return nothing
    const { carried, ids } = broughtBy(event)
    return {
      ids,
      carried: (name) => {
        try {
          return carried(name)
        } catch {
          return undefined
        }
      },
    }
  } catch {
    return nothing
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
    return { carried, ids: [event.requestContext.requestId, carried('x-amzn-trace-id')] }
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

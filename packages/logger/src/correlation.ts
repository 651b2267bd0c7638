import type { Context } from '@fnware/core'
import { toError } from '@fnware/core/extend'

interface AnyEvent {
  readonly headers?: Readonly<Record<string, unknown>> | null
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null
  readonly requestContext?: { readonly requestId?: unknown }
  readonly Records?: readonly AnyRecord[]
  readonly id?: unknown
  readonly 'detail-type'?: unknown
  readonly invocationId?: unknown
}
interface AnyRecord {
  readonly messageId?: unknown
  readonly eventID?: unknown
  readonly Sns?: { readonly MessageId?: unknown }
  readonly responseElements?: Readonly<Record<string, unknown>>
  readonly ses?: { readonly mail?: { readonly messageId?: unknown } }
}

/**
 * What ties this invocation to what caused it, by the shape of its event: a client's `x-correlation-id` or the service's
 * request id, an event's or a lone record's own id, and else the request id of the invocation.
 */
export const correlationIdOf = (event: unknown, context: Context | undefined): string | undefined => {
  const ids = typeof event === 'object' && event !== null ? idsOf(event) : []
  return [...ids, context?.awsRequestId].find(isId)
}

type Asked = (event: unknown, context: Context) => string | undefined

/** The user's own way to an id; where that gives none, or fails, the ordinary one. */
export const correlating =
  (ask: Asked | undefined) =>
  (event: unknown, context: Context): { readonly id: string | undefined; readonly error?: Error } => {
    try {
      const id = ask?.(event, context)
      return { id: isId(id) ? id : correlationIdOf(event, context) }
    } catch (error) {
      return { id: correlationIdOf(event, context), error: toError(error) }
    }
  }

const idsOf = (event: AnyEvent): readonly unknown[] => {
  if (event.requestContext) {
    const { requestId } = event.requestContext
    return [headerOf(event, 'x-correlation-id'), requestId, headerOf(event, 'x-amzn-trace-id')]
  }
  if (event['detail-type'] !== undefined) return [event.id]
  const [record, ...others] = Array.isArray(event.Records) ? event.Records : []
  // A batch of several has no id of its own.
  if (record && others.length === 0)
    return [
      record.messageId,
      record.Sns?.MessageId,
      record.eventID,
      record.responseElements?.['x-amz-request-id'],
      record.ses?.mail?.messageId,
    ]
  return [event.invocationId]
}

const headerOf = ({ headers, multiValueHeaders }: AnyEvent, name: string): unknown => {
  const all = headers ?? multiValueHeaders ?? {}
  const value = all[Object.keys(all).find((key) => key.toLowerCase() === name) ?? name]
  return Array.isArray(value) ? value[0] : value
}

/** Some of them are a client's: neither endless nor able to write into a log what does not belong there. */
const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length > 0 && id.length <= 256 && !/[^\x20-\x7e]/.test(id)

import { traceHeaderOf } from '@fnware/core/ports'
import type { Outgoing } from './outgoing.ts'

/**
 * Adds what continues a trace, unless the user has: what is there stays, but for Lambda's own header, which the AWS SDK puts
 * there for its detection of loops and which would leave the span out. What is signed stays as it is.
 */
export const addHeaders = (request: Outgoing, headers: Readonly<Record<string, string>>): void => {
  // Of who set the one, the other is none of ours.
  const isOthers = request.header('traceparent') !== undefined
  for (const name in headers) {
    if (name === 'tracestate' && isOthers) continue
    const there = request.header(name)
    if (there !== undefined && (there !== traceHeaderOf(undefined) || isSigned(request, name))) continue
    request.setHeader?.(name, headers[name] as string)
  }
}

/** By Signature Version 4, or by RFC 9421. */
const isSigned = ({ header, path }: Outgoing, name: string): boolean => {
  const signed = [/SignedHeaders=([^,\s]*)/i.exec(header('authorization') ?? '')?.[1], header('signature-input')]
  const [, query = ''] = /[?&]X-Amz-SignedHeaders=([^&]*)/i.exec(path) ?? []
  return [...signed, query].some((names) => names?.toLowerCase().includes(name))
}

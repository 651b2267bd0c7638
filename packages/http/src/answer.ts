import { json } from './json.ts'
import { checkHeader, type Head } from './response.ts'

/** An answer before it takes the shape of a payload, which may keep what it is made of. */
export interface Answer {
  readonly status: number
  /** Lower-case names, but for `set-cookie`. */
  readonly headers: Record<string, string>
  readonly cookies: string[]
  readonly body: string | Uint8Array | undefined
}

/** Joins the head's headers and a reply's own, which come first, and writes the body down. */
export const answer = (
  head: Head,
  status: number,
  body: unknown,
  own?: Readonly<Record<string, string | readonly string[]>>,
): Answer => {
  const headers: Record<string, string> = { ...head.values }
  const cookies = [...(head.cookies ?? [])]
  for (const name in own) {
    const value = own[name] as string | readonly string[]
    const values = typeof value === 'string' ? [value] : value
    for (const one of values) checkHeader(name, one)
    const key = name.toLowerCase()
    if (key === 'set-cookie') cookies.push(...values)
    // A cache must know all of what an answer varies by.
    else headers[key] = [...(key === 'vary' && headers.vary ? [headers.vary] : []), ...values].join(', ')
  }
  const empty = status === 204 || status === 304
  if (empty) delete headers['content-type']
  return { status, headers, cookies, body: empty ? undefined : written(body, headers) }
}

const written = (body: unknown, headers: Record<string, string>): Answer['body'] => {
  if (body === undefined) return undefined
  const type = headers['content-type']
  const bytes = bytesOf(body)
  if (!type) headers['content-type'] = bytes ? 'application/octet-stream' : 'application/json'
  return bytes ?? (typeof body === 'string' && type && !/[/+]json\b/i.test(type) ? body : json(body))
}

const bytesOf = (body: unknown): Uint8Array | undefined => {
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength)
    : undefined
}

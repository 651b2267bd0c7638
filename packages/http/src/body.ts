import { HttpError, InputError } from '@fnware/core'
import { parseJson } from '@fnware/core/extend'
import { parseForm } from './form.ts'

/** A request's body, as it came. */
export interface Body {
  readonly sent: string
  readonly base64: boolean
  /** The most bytes that are taken. */
  readonly limit: number
  /** The request's `content-encoding`. */
  readonly encoding: string | undefined
}

export const bodyBytes = (body: Body): Uint8Array => {
  check(body)
  return Buffer.from(body.sent, body.base64 ? 'base64' : 'utf8')
}

export const bodyText = (body: Body): string => {
  if (!body.base64) {
    check(body)
    // As TextDecoder does.
    return body.sent.startsWith('\ufeff') ? body.sent.slice(1) : body.sent
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bodyBytes(body))
  } catch (error) {
    if (error instanceof TypeError) throw new InputError([{ message: 'not valid UTF-8' }], 'body')
    throw error
  }
}

/** By its content type, taken by its essence alone: a parameter or a space must not lead round a parser. */
export const bodyValue = (body: Body, contentType: string | undefined): unknown => {
  if (body.sent === '') return undefined
  if (contentType === undefined || contentType === 'application/json' || contentType.endsWith('+json'))
    return parseJson(bodyText(body), 'body')
  if (contentType === 'application/x-www-form-urlencoded') return parseForm(bodyText(body))
  return contentType.startsWith('text/') ? bodyText(body) : bodyBytes(body)
}

const check = ({ sent, base64, limit, encoding = '' }: Body) => {
  if (encoding && encoding.toLowerCase() !== 'identity')
    throw new HttpError(415, `a body with the content-encoding ${JSON.stringify(encoding)} is not taken`, {
      headers: { 'accept-encoding': 'identity' },
    })
  // A string has at most three bytes for each of its characters: only where it may be too long is it measured.
  const size = base64
    ? sent.length * 0.75 - (sent.endsWith('==') ? 2 : sent.endsWith('=') ? 1 : 0)
    : sent.length * 3 <= limit
      ? 0
      : Buffer.byteLength(sent)
  if (size > limit) throw new HttpError(413, `the body has more than ${limit} bytes`)
}

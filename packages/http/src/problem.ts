import { isError } from '@fnware/core'
import { pointer } from '@fnware/core/extend'
import { type Answer, answer } from './answer.ts'
import type { HttpRequest } from './request.ts'
import type { Head } from './response.ts'
import { phrase } from './status.ts'

/**
 * An error as a client may know it: the details of what it did wrong, and of everything else nothing but the request id.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const problem = (error: Error, head: Head, request: HttpRequest, requestId: string | undefined): Answer => {
  const { status, headers, ...members } = described(error, request)
  const body = { title: phrase(status), status, ...members, ...(requestId && { requestId }) }
  return answer(head, status, body, { ...headers, 'content-type': 'application/problem+json' })
}

interface Described {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly [member: string]: unknown
}

const described = (error: Error, request: HttpRequest): Described => {
  if (isError(error, 'HttpError')) {
    const { status, type, title, detail, extensions, headers } = error
    return {
      ...extensions,
      ...(type !== undefined && { type }),
      ...(title !== undefined && { title }),
      status,
      ...(detail !== undefined && { detail }),
      headers,
    }
  }
  if (!isError(error, 'InputError')) return { status: isError(error, 'DeadlineError') ? 504 : 500 }
  const { in: where, issues } = error
  return {
    status: 400,
    // A client that forgot its content type sent a form without knowing.
    detail: `the ${where}${where === 'body' ? `, read as ${(request.contentType ?? 'JSON') || 'bytes'},` : ''} is not as it must be: see errors`,
    // Answers have a limit, and who sent a thousand faults learns from the first.
    errors: issues.slice(0, 100).map(({ message, path }) => ({
      in: where,
      // JSON has halves of surrogates in its keys, and URIs have none.
      pointer: `#${encodeURI(pointer(path).toWellFormed())}`,
      detail: message,
    })),
  }
}

import type { Answer } from '../answer.ts'
import type { HttpResult } from '../event.ts'

/** What every service reads: the status, one value for each header, and the body as JSON can carry it. */
export const result = ({ status, headers, body }: Answer): HttpResult => ({
  statusCode: status,
  headers,
  ...(typeof body === 'string'
    ? { body, isBase64Encoded: false }
    : body && {
        body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'),
        isBase64Encoded: true,
      }),
})

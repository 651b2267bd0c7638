import { randomBytes } from 'node:crypto'

/** An id in API Gateway's manner: 11 bytes, base64. */
export const newRequestId = (): string => randomBytes(11).toString('base64')

import { fakeContext } from '@fnware/testing'
import type { HttpEvent } from '../src/index.ts'
import { httpApi, type Sent } from './requests.ts'

type Handler = (
  event: HttpEvent,
  context: never,
) => Promise<{ statusCode: number; body?: string; headers?: Record<string, string> }>
export interface Asked {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string> | undefined
}
export const asker =
  (handler: Handler): ((method: string, path: string, sent?: Sent) => Promise<Asked>) =>
  async (method: string, path: string, sent: Sent = {}) => {
    const { statusCode, body, headers } = await handler(httpApi({ method, path, ...sent }), fakeContext() as never)
    return { status: statusCode, body: body && JSON.parse(body), headers }
  }
export const json = (body: unknown): Sent => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

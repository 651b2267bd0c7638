import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'

export type Misbehaviour =
  | { readonly delay: number }
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly hang: true }
  | { readonly reset: true }

/** @returns whether that was all of the answer */
export async function misbehave(how: Misbehaviour, response: ServerResponse): Promise<boolean> {
  if ('delay' in how) {
    await setTimeout(how.delay)
    return false
  }
  if ('status' in how) response.writeHead(how.status, how.headers).end()
  if ('reset' in how) response.socket?.resetAndDestroy()
  return true
}

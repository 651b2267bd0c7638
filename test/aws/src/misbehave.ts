import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Outcome } from './backend.ts'

/** A fault of the wire's. Who hangs is let go when the server closes. */
export function misbehave(how: Extract<Outcome, string>, response: ServerResponse, contentType: string): void {
  if (how === 'reset') (response.socket as Socket | null)?.resetAndDestroy()
  if (how === 'garbage') response.writeHead(200, { 'content-type': contentType }).end('<html>Bad Gateway</html>')
}

import type { IncomingMessage, ServerResponse } from 'node:http'

/** Who takes an answer piece by piece, as it comes. */
export interface StreamTarget {
  /** The function begins to answer. */
  begin(contentType: string): void
  /** @returns when there is room for more */
  write(chunk: Buffer): Promise<void> | undefined
}

/** Writes to a client. @returns when there is room for more, or nobody left who reads it */
export function writeOn(response: ServerResponse, chunk: Buffer): Promise<void> | undefined {
  if (response.destroyed || response.writableEnded || response.write(chunk)) return undefined
  return new Promise((room) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      room()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

/** The most that a function may stream. */
export const streamLimit: number = 200 * 1024 * 1024

/** Passes a runtime's answer on; `gone` when it ends before its end. */
export async function passOn(request: IncomingMessage, target: StreamTarget): Promise<'all' | 'tooLarge' | 'gone'> {
  let size = 0
  target.begin(request.headers['content-type'] ?? 'application/octet-stream')
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size <= streamLimit) await target.write(chunk)
    }
  } catch {
    return 'gone'
  }
  return size > streamLimit ? 'tooLarge' : 'all'
}

import type { IncomingMessage } from 'node:http'

/** What is still read of a body that is too long, so that the client comes to read the answer. */
const discardLimit = 64 * 1024 * 1024

/**
 * The body of a request; `gone` when its client went away before the end.
 * @param discarded how much is read in all before the client is cut off
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  discarded: number = discardLimit,
): Promise<Buffer | 'tooLarge' | 'gone'> {
  return new Promise((done) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else {
        chunks.length = 0
        if (size > discarded) request.destroy()
      }
    })
    request.on('end', () => done(size > limit ? 'tooLarge' : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('close', () => done('gone'))
  })
}

/** An answer before it takes the shape of a payload. */
export interface Answer {
  readonly status: number
  /** Lower-case names, but for `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: string | Uint8Array | undefined
}

/** A body as JSON can carry it. */
export const encoded = ({ body }: Answer): { body?: string; isBase64Encoded?: boolean } => {
  if (body === undefined) return {}
  if (typeof body === 'string') return { body, isBase64Encoded: false }
  return { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'), isBase64Encoded: true }
}

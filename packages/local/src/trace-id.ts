import { randomBytes } from 'node:crypto'

/** A root as X-Ray writes it: when, and 96 random bits. */
export const newRoot = (): string =>
  `Root=1-${Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0')}-${randomBytes(12).toString('hex')}`

/**
 * What Lambda puts into `_X_AMZN_TRACE_ID` when nobody traces.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const newTraceId = (): string => `${newRoot()};Parent=${randomBytes(8).toString('hex')};Sampled=0`

/** The trace of the function that is given an event: below what the event's own header says. */
export function traceIdBelow(event: object): string | undefined {
  const { headers, multiValueHeaders } = event as {
    headers?: Readonly<Record<string, string>>
    multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  }
  for (const [name, value] of Object.entries(headers ?? multiValueHeaders ?? {})) {
    if (name.toLowerCase() !== 'x-amzn-trace-id') continue
    const said = [value].flat()[0]!
    const root = said.match(/\bRoot=[\w-]+/)?.[0]
    const sampled = /\bSampled=1\b/.test(said) ? 1 : 0
    return root && `${root};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled}`
  }
  return undefined
}

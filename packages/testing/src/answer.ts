/** What a function answered, as the client behind the service sees it. */
export interface HttpAnswer {
  readonly status: number
  /** By lower-case names; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** The `set-cookie` lines. */
  readonly cookies: readonly string[]
  readonly body: string
  readonly bytes: Uint8Array
  /** The body's JSON. @throws SyntaxError where it is none */
  json(): unknown
}

interface Result {
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, unknown>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>>
  readonly cookies?: readonly string[]
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/**
 * Reads what a function returned to API Gateway, a function URL or a load balancer.
 * @throws TypeError on what is no HTTP answer
 */
export const readAnswer = (result: unknown): HttpAnswer => {
  const {
    statusCode,
    headers = {},
    multiValueHeaders = {},
    cookies = [],
    body = '',
    isBase64Encoded,
  } = (result ?? {}) as Result
  if (typeof statusCode !== 'number')
    throw new TypeError(`no HTTP answer, since it has no statusCode: ${JSON.stringify(result)}`)
  const all: Record<string, string> = {}
  const set = [...cookies]
  const lines = [
    ...Object.entries(headers).map(([name, value]) => [name, [value]] as const),
    ...Object.entries(multiValueHeaders),
  ]
  for (const [name, values] of lines) {
    const key = name.toLowerCase()
    if (key === 'set-cookie') set.push(...values.map(String))
    else all[key] = [...(all[key] === undefined ? [] : [all[key]]), ...values].join(', ')
  }
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  const text = bytes.toString('utf8')
  return { status: statusCode, headers: all, cookies: set, body: text, bytes, json: () => JSON.parse(text) as unknown }
}

import { checkOptions } from '@fnware/core/extend'

/** What a function answered, as the client behind the service sees it. */
export interface HttpAnswer {
  readonly status: number
  /** By lower-case names; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** The `set-cookie` lines. */
  readonly cookies: readonly string[]
  /** Decoded, as UTF-8. */
  readonly body: string
  readonly bytes: Uint8Array
  /** The body's JSON. @throws SyntaxError where it is none */
  json(): unknown
}

export interface ReadAnswerOptions {
  /**
   * Whether a result without `statusCode` is a 200 with that result as its JSON, as HTTP APIs and function URLs have it.
   * To the other services it is an error, and so it is here by default.
   */
  readonly inferred?: boolean
}

interface Result {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, unknown>> | null
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null
  readonly cookies?: readonly string[] | null
  readonly body?: unknown
  readonly isBase64Encoded?: boolean
}

/**
 * Reads what a function returned to API Gateway, a function URL or a load balancer.
 * @throws TypeError on what is no HTTP answer: clients would get a 502
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const readAnswer = (result: unknown, options: ReadAnswerOptions = {}): HttpAnswer => {
  checkOptions('readAnswer()', options, { inferred: 'boolean' })
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded } = resultOf(result, options)
  if (body != null && typeof body !== 'string')
    throw new TypeError(`no HTTP answer, since its body is no text, but ${typeof body}: ${show(result)}`)
  const several = byName(Object.entries(multiValueHeaders ?? {}))
  const single = byName(Object.entries(headers ?? {}).map(([name, value]) => [name, [value]]))
  // Where both say the same of a name, it is sent once.
  for (const [name, values] of single)
    several.set(name, [...values.filter((value) => !several.get(name)?.includes(value)), ...(several.get(name) ?? [])])
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8')
  const text = bytes.toString('utf8')
  return {
    status: statusCode,
    headers: Object.fromEntries(
      [...several].filter(([name]) => name !== 'set-cookie').map(([name, values]) => [name, values.join(', ')]),
    ),
    cookies: [...(cookies ?? []), ...(several.get('set-cookie') ?? [])],
    body: text,
    bytes,
    json: () => JSON.parse(text) as unknown,
  }
}

const resultOf = (result: unknown, { inferred = false }: ReadAnswerOptions): Result => {
  const statusCode = (result as { statusCode?: unknown } | null | undefined)?.statusCode
  if (typeof statusCode === 'number') return result as Result
  if (statusCode !== undefined || !inferred || result === undefined)
    throw new TypeError(
      `no HTTP answer, since it has no statusCode${statusCode === undefined ? '' : ' that is a number'}: ${show(result)}`,
    )
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : JSON.stringify(result),
  }
}

const byName = (entries: readonly (readonly [string, readonly unknown[]])[]) => {
  const all = new Map<string, string[]>()
  for (const [name, values] of entries) {
    const key = name.toLowerCase()
    all.set(key, [...(all.get(key) ?? []), ...values.map(String)])
  }
  return all
}

const show = (value: unknown) => (JSON.stringify(value) ?? 'undefined').slice(0, 500)

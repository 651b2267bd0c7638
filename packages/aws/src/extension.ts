import { AwsError } from './errors.ts'
import { type Answer, exchange } from './exchange.ts'

/**
 * Asks the AWS Parameters and Secrets Lambda extension, which answers in the INVOKE phase alone: before that with
 * an AwsError of the code `ExtensionNotReady`.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */
export const askExtension = async <Output>(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Output> => {
  const { PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: port = '2773', AWS_SESSION_TOKEN: token = '' } = process.env
  const url = new URL(`http://localhost:${port}${path}?${new URLSearchParams(query)}`)
  let answer: Answer
  try {
    answer = await exchange({ method: 'GET', url, headers: { 'x-aws-parameters-secrets-token': token } }, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw refused(codesOf(error).includes('ECONNREFUSED') ? notReady : 'NetworkError', undefined, error)
  }
  const { status, body } = answer
  if (status === 200)
    try {
      return JSON.parse(body) as Output
    } catch {
      throw refused('InvalidAnswer', status)
    }
  if (/not ready/i.test(body)) throw refused(notReady, status)
  // It passes on what the service said, as text. The name of it is taken, and nothing else.
  const code = /\b([A-Z]\w+(?:Exception|Failure|NotFound|Error))\b/.exec(body)?.[1]
  throw refused(code ?? (status === 401 || status === 403 ? 'ExpiredToken' : 'InvalidAnswer'), status)
}

const notReady = 'ExtensionNotReady'

const refused = (code: string, status: number | undefined, cause?: unknown) => {
  const what =
    code === notReady
      ? 'is not ready: it answers during invocations, not at INIT; has the function its layer?'
      : status === undefined
        ? 'could not be reached'
        : `answered with ${status}, ${code}`
  return new AwsError(`the Parameters and Secrets extension ${what}`, {
    code,
    service: 'extension',
    ...(status !== undefined && { status }),
    ...(cause !== undefined && { cause }),
  })
}

/** `localhost` may be two addresses, and then there are two errors in one. */
const codesOf = (error: unknown): unknown[] => {
  const { code, errors = [] } = Object(error) as { code?: unknown; errors?: unknown[] }
  return [code, ...errors.flatMap(codesOf)]
}

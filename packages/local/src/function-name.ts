import { InvokeError, invalidParameter } from './failures.ts'

/** What an invocation is addressed to. */
export interface Address {
  readonly name: string
  /** `$LATEST`, `$LATEST.PUBLISHED`, an alias or a version; none when the address names none. */
  readonly qualifier: string | undefined
}

const pattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[\w-]+))?$/
const qualifierPattern = /^(\$LATEST(\.PUBLISHED)?|[\w-]+)$/

/**
 * Reads the name of a function as Lambda takes it: `orders`, `orders:$LATEST`, `123456789012:function:orders`, or an ARN
 * with or without a qualifier. Account and region are not looked at: there is but one of each here.
 *
 * @param qualifier what the query says beside
 * @throws {InvokeError} for what is no name, and for two qualifiers that differ
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
export function readFunctionName(text: string, qualifier: string | undefined): Address {
  const [, name, own] = text.length <= 170 ? (text.match(pattern) ?? []) : []
  if (name === undefined || name.length > 64) throw invalid('functionName', text, pattern)
  if (qualifier === undefined) return { name, qualifier: own }
  if (!qualifierPattern.test(qualifier) || qualifier.length > 128)
    throw invalid('qualifier', qualifier, qualifierPattern)
  if (own !== undefined && own !== qualifier)
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.')
  return { name, qualifier }
}

function invalid(what: string, value: string, expected: RegExp): InvokeError {
  const message =
    `1 validation error detected: Value '${value}' at '${what}' failed to satisfy constraint: ` +
    `Member must satisfy regular expression pattern: ${expected.source}`
  return new InvokeError('ValidationException', 400, message)
}

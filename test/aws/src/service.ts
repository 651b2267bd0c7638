import { AwsError } from './aws-error.ts'

export type Input = Readonly<Record<string, unknown>>

/** Who asks, and what that one may do. */
export interface Caller {
  /** The identity's ARN. */
  readonly arn: string
  /** @throws {AwsError} `AccessDeniedException`, when `aws.deny()` says so. */
  authorize(action: string, resource: string): void
}

/** Dates and bytes are in the result as such: each protocol writes them its own way. */
export type Operation = (input: Input, caller: Caller) => object

export interface Service {
  /** As in a signature's scope and in actions: `ssm`. */
  readonly name: string
  /** The first half of `X-Amz-Target`. */
  readonly target: string
  /** The key under which errors have their message: the services differ. */
  readonly messageKey: 'message' | 'Message'
  readonly operations: Readonly<Record<string, Operation>>
}

export const text = (input: Input, key: string): string => optionalText(input, key) ?? missing(key)

export function optionalText(input: Input, key: string): string | undefined {
  const value = input[key] ?? undefined
  if (value !== undefined && typeof value !== 'string') throw serialization(key, 'a string')
  return value
}

export function optionalNumber(input: Input, key: string): number | undefined {
  const value = input[key] ?? undefined
  if (value !== undefined && typeof value !== 'number') throw serialization(key, 'a number')
  return value
}

export function optionalTexts(input: Input, key: string): string[] | undefined {
  const value = input[key] ?? undefined
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw serialization(key, 'a list of strings')
}

export const texts = (input: Input, key: string, most: number): string[] => {
  const list = optionalTexts(input, key) ?? missing(key)
  return atMost(list, key, most)
}

export function atMost(list: string[], key: string, most: number): string[] {
  if (list.length <= most) return list
  const at = `${key[0]?.toLowerCase()}${key.slice(1)}`
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '[${list.join(', ')}]' at '${at}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  )
}

export function optionalBytes(input: Input, key: string): Uint8Array | undefined {
  const value = optionalText(input, key)
  return value === undefined ? undefined : Buffer.from(value, 'base64')
}

function missing(key: string): never {
  const at = `${key[0]?.toLowerCase()}${key.slice(1)}`
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${at}' failed to satisfy constraint: Member must not be null`,
  )
}

const serialization = (key: string, wanted: string): AwsError =>
  new AwsError('SerializationException', `${key} must be ${wanted}`)

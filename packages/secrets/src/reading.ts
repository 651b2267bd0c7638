import { validated } from '@fnware/aws/extend'
import { parseJson } from '@fnware/core/extend'
import { notBinary, notFitting, notJson, notText } from './error.ts'
import type { Secret } from './secret.ts'
import type { StoredSecret } from './transport.ts'

/**
 * What a secret says, as its format and its schema have it.
 * @throws SecretError without a cause, which would show the value
 */
export const reading = async (key: string, { request, format, schema }: Secret, it: StoredSecret): Promise<unknown> => {
  const value = formatted(key, request, format, it)
  if (!schema) return value
  const result = await validated(schema, value)
  if ('faults' in result) throw notFitting(key, request, result.faults)
  return result.value
}

const formatted = (
  key: string,
  request: Secret['request'],
  format: Secret['format'],
  { text, binary }: StoredSecret,
): unknown => {
  if (format === 'binary') {
    if (!binary) throw notBinary(key, request)
    return binary
  }
  if (format === 'text') {
    if (text === undefined) throw notText(key, request)
    return text
  }
  try {
    return parseJson(text ?? Buffer.from(binary ?? []).toString())
  } catch (error) {
    throw notJson(key, request, (error as Error).message)
  }
}

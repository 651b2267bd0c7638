import { validated } from '@fnware/aws/extend'
import { parseJson } from '@fnware/core/extend'
import type { Wanted } from './fetching.ts'
import type { StoredSecret } from './transport.ts'
import { notBinary, notFitting, notJson, notText } from './words.ts'

/**
 * What a secret says, as its format and its schema have it.
 * @throws SecretError without a cause, which would show the value
 */
export const reading = async (wanted: Wanted, stored: StoredSecret): Promise<unknown> => {
  const value = formatted(wanted, stored)
  const { schema } = wanted.secret
  if (!schema) return value
  const result = await validated(schema, value)
  if ('faults' in result) throw notFitting(wanted, result.faults)
  return result.value
}

const formatted = (wanted: Wanted, { text, binary }: StoredSecret): unknown => {
  const { format } = wanted.secret
  if (format === 'binary') {
    if (!binary) throw notBinary(wanted)
    return binary
  }
  if (format === 'text') {
    if (text === undefined) throw notText(wanted)
    return text
  }
  try {
    return parseJson(text ?? Buffer.from(binary ?? []).toString())
  } catch (error) {
    throw notJson(wanted, (error as Error).message)
  }
}

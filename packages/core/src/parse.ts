import type { StandardSchemaV1 } from '@standard-schema/spec'
import { InputError } from './errors.ts'
import { isThenable } from './thenable.ts'

type Result = StandardSchemaV1.Result<unknown>

/**
 * What the schema makes of a value; a promise only where the schema gives one.
 * @param where the part of the request, for the error
 * @param Refusal the error that is thrown
 * @throws InputError with the schema's issues, or the `Refusal` that is given
 * @see https://standardschema.dev
 */
export const parse = (
  schema: StandardSchemaV1,
  value: unknown,
  where?: string,
  Refusal: new (issues: readonly StandardSchemaV1.Issue[], where?: string) => Error = InputError,
): unknown => {
  const taken = (result: Result) => {
    if (result.issues) throw new Refusal(result.issues, where)
    return result.value
  }
  const failed = (error: unknown): never => {
    // A client nests its JSON until a recursive schema has no stack left.
    throw /call stack/.test(String(error)) ? new Refusal([{ message: 'nested too deeply' }], where) : error
  }
  let result: Result | Promise<Result>
  try {
    result = schema['~standard'].validate(value)
  } catch (error) {
    return failed(error)
  }
  return isThenable(result) ? result.then(taken, failed) : taken(result)
}

export const isSchema = (value: unknown): value is StandardSchemaV1 =>
  typeof (value as StandardSchemaV1 | null | undefined)?.['~standard']?.validate === 'function'

/** @throws TypeError where a schema is given, not where it is first used */
export const checkSchema = (where: string, schema: unknown): void => {
  if (!isSchema(schema))
    throw new TypeError(`${where} takes a Standard Schema, such as zod's (https://standardschema.dev)`)
}

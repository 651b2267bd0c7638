import type { StandardSchemaV1 } from '@standard-schema/spec'
import { InputError } from './errors.ts'
import { isThenable } from './thenable.ts'

/**
 * What the schema makes of a value; a promise only where the schema gives one.
 * @param where the part of the request, for the error
 * @throws InputError with the schema's issues
 * @see https://standardschema.dev
 */
export const parse = (schema: StandardSchemaV1, value: unknown, where?: string): unknown => {
  let result: StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>>
  try {
    result = schema['~standard'].validate(value)
  } catch (error) {
    throw broken(error)
  }
  return isThenable(result)
    ? result.then(
        (result) => unwrap(result, where),
        (error) => {
          throw broken(error)
        },
      )
    : unwrap(result, where)
}

const unwrap = (result: StandardSchemaV1.Result<unknown>, where: string | undefined) => {
  if (result.issues) throw new InputError(result.issues, where)
  return result.value
}

const broken = (error: unknown) =>
  new Error(
    `the schema threw, where it should return its issues: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error },
  )

export const isSchema = (value: unknown): value is StandardSchemaV1 =>
  typeof (value as StandardSchemaV1 | null | undefined)?.['~standard']?.validate === 'function'

/** @throws TypeError where a schema is given, not where it is first used */
export const checkSchema = (where: string, schema: unknown): void => {
  if (!isSchema(schema))
    throw new TypeError(
      `${where} takes a Standard Schema, such as zod's, valibot's or arktype's (https://standardschema.dev)`,
    )
}

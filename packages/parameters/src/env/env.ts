import { validated } from '@fnware/aws/extend'
import { type Resource, resource } from '@fnware/core'
import { checkOptions, checkSchema } from '@fnware/core/extend'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { decrypted } from './decrypted.ts'
import { EnvError } from './env-error.ts'
import { faultOf } from './faults.ts'
import { hidden } from './hidden.ts'
import type { Decryption } from './kms.ts'
import { seen, type Variables } from './variables.ts'

export interface EnvOptions<Key extends string = string, Names extends string = string> {
  /** Where the variables are found on the context; `env` by default. */
  readonly key?: Key
  /** Those that are encrypted: `kms(['DB_PASSWORD'])`. None by default: then nothing is called. */
  readonly decrypt?: Decryption<Names>
}

/** What the schema makes of the variables. */
export type EnvOf<Schema extends StandardSchemaV1> = Readonly<StandardSchemaV1.InferOutput<Schema>>

/** The schema itself where it takes strings and makes an object of them, and otherwise a sentence that says what is wrong. */
export type EnvSchema<Schema extends StandardSchemaV1> = [StandardSchemaV1.InferOutput<Schema>] extends [object]
  ? [NotText<StandardSchemaV1.InferInput<Schema>>] extends [never]
    ? Schema
    : `⛔ environment variables are text: \`${NotText<StandardSchemaV1.InferInput<Schema>>}\` must be made of a string, such as by z.coerce or a pipe`
  : '⛔ env() takes the schema of an object: its keys are the variables'

type NotText<Input> = {
  [Name in keyof Input & string]-?: string extends Name
    ? never
    : unknown extends Input[Name]
      ? never
      : [Extract<Input[Name], string>] extends [never]
        ? Name
        : never
}[keyof Input & string]

/**
 * Environment variables, validated when the environment is made (INIT) and typed. All that is wrong is told at once, and
 * never a value, since variables hold secrets; for the same reason nothing that lists the object shows them.
 *
 * @param schema any Standard Schema of an object; it sees the variables that it names, and no others
 * @throws TypeError on an unknown option, or what is no schema; INIT fails with an {@link EnvError}
 * @example
 * lambda().use(env(z.object({ TABLE: z.string(), PAGE: z.coerce.number().default(50) }))).handle(({ env }) => env.TABLE)
 */
export const env = <Schema extends StandardSchemaV1, const Key extends string = 'env'>(
  schema: EnvSchema<Schema>,
  options: EnvOptions<Key, keyof StandardSchemaV1.InferInput<Schema> & string> = {},
): Resource<{}, Key, EnvOf<Schema>> => {
  checkSchema('env()', schema)
  checkOptions('env()', options, { key: 'string', decrypt: 'object' })
  const { key = 'env' as Key, decrypt } = options
  return resource(key, {
    init: async () => hidden(await valuesOf(schema as StandardSchemaV1, process.env, decrypt)) as never,
  })
}

const valuesOf = async (
  schema: StandardSchemaV1,
  given: Variables,
  decrypt: Decryption | undefined,
): Promise<object> => {
  const { all, faults } = decrypt ? await decrypted(given, decrypt) : { all: given, faults: [] }
  const looked = seen(all)
  const result = await validated(schema, looked.view)
  const found = 'faults' in result ? result.faults.map((fault) => faultOf(fault, all, looked)) : []
  const others = found.filter(({ name }) => !faults.some((it) => it.name === name))
  if (faults.length > 0 || others.length > 0) throw new EnvError([...faults, ...others])
  return (result as { value: object }).value
}

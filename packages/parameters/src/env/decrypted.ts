import type { EnvFault } from './env-error.ts'
import type { Decryption } from './kms.ts'
import type { Variables } from './variables.ts'

export interface Decrypted {
  /** All variables; without those that could not be decrypted. */
  readonly all: Variables
  readonly faults: readonly EnvFault[]
}

/** All at the same time, and all that is wrong. What is not set is the schema's matter. */
export const decrypted = async (all: Variables, { names, decrypt }: Decryption): Promise<Decrypted> => {
  const faults: EnvFault[] = []
  const values: Record<string, string | undefined> = {}
  const results = await Promise.allSettled(names.map(async (name) => all[name] && decrypt(all[name])))
  for (const [i, result] of results.entries()) {
    const name = names[i] as string
    if (result.status === 'rejected') faults.push({ name, field: '', message: result.reason.message })
    values[name] = result.status === 'fulfilled' ? result.value : undefined
  }
  return { all: { ...all, ...values }, faults }
}

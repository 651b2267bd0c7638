// `pnpm instantiations`, `pnpm instantiations --lower`.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { print } from '../../packages/size/print.ts'
import { type Ceiling, ceilings } from './ceilings.ts'
import { count, made } from './count.ts'

const { values } = parseArgs({ options: { lower: { type: 'boolean' } } })
const rows: (readonly (string | number)[])[] = [['', 'types', 'ceiling', 'instantiations', 'ceiling']]
const file = join(import.meta.dirname, 'ceilings.ts')
let source = await readFile(file, 'utf8')

for (const [key, { name, program, ...max }] of Object.entries<Ceiling>(ceilings)) {
  const found = await count(key, program)
  rows.push([name, found.types, max.types, found.instantiations, max.instantiations])
  const at = source.indexOf(`${key}: {`)
  const lowered = source
    .slice(at)
    .replace(/\btypes: \d+/, `types: ${Math.min(max.types, Math.ceil(found.types * 1.05))}`)
    .replace(
      /\binstantiations: \d+/,
      `instantiations: ${Math.min(max.instantiations, Math.ceil(found.instantiations * 1.05))}`,
    )
  source = source.slice(0, at) + lowered
}
await rm(made, { recursive: true, force: true })
if (values.lower) await writeFile(file, source)
else print(rows)

// `pnpm instantiations`, `pnpm instantiations --lower`, `pnpm instantiations --raise`.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { print } from '../../packages/size/print.ts'
import { type Ceiling, ceilings } from './ceilings.ts'
import { count, made } from './count.ts'

const { values } = parseArgs({ options: { lower: { type: 'boolean' }, raise: { type: 'boolean' } } })
const rows: (readonly (string | number)[])[] = [['', 'types', 'ceiling', 'instantiations', 'ceiling']]
const file = join(import.meta.dirname, 'ceilings.ts')
const moved = (max: number, found: number) => {
  const roomy = Math.ceil(found * 1.05)
  return values.raise ? (found > max ? roomy : max) : Math.min(max, roomy)
}
let source = await readFile(file, 'utf8')

for (const [key, { name, program, ...max }] of Object.entries<Ceiling>(ceilings)) {
  const found = await count(key, program)
  rows.push([name, found.types, max.types, found.instantiations, max.instantiations])
  const at = source.indexOf(`${key}: {`)
  const rest = source
    .slice(at)
    .replace(/\btypes: \d+/, `types: ${moved(max.types, found.types)}`)
    .replace(/\binstantiations: \d+/, `instantiations: ${moved(max.instantiations, found.instantiations)}`)
  source = source.slice(0, at) + rest
}
await rm(made, { recursive: true, force: true })
if (values.lower || values.raise) await writeFile(file, source)
else print(rows)

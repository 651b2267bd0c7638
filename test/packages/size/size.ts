// `pnpm size`, `pnpm size --explain lambda`, `pnpm size --explain 'HttpError alone'`, `pnpm size --lower`, `pnpm size --raise`.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { alone, ceilings } from '../ceilings.ts'
import { bundle } from './bundle.ts'
import { print } from './print.ts'
import { declarationShares, fileShares, type Share } from './shares.ts'

const { values } = parseArgs({
  options: { explain: { type: 'string' }, lower: { type: 'boolean' }, raise: { type: 'boolean' } },
})

const measure = async <Measured extends { code: string }>(them: readonly Measured[]) =>
  Promise.all(them.map(async (it) => ({ ...it, bundle: await bundle(it.code) })))
const functions = await measure(ceilings)
const exported = await measure(
  Object.entries(alone).flatMap(([entry, names]) =>
    Object.entries(names).map(([name, max]) => ({
      entry,
      key: name,
      name: `${name} alone`,
      max,
      code: `export { ${name} } from '${entry}'`,
    })),
  ),
)

const table = () => {
  const row = ({ name, max, bundle: { text, gzip } }: (typeof functions)[number] | (typeof exported)[number]) =>
    [name, text.length, gzip, max, max - gzip] as const
  print([['', 'min', 'gzip', 'ceiling', 'left'], ...functions.map(row), ...exported.map(row)])
  console.log('\nMinified bytes of each source file\n')
  const columns = functions.map(({ bundle }) => new Map(fileShares(bundle).map(({ name, bytes }) => [name, bytes])))
  const files = [...new Set(columns.flatMap((it) => [...it.keys()]))].sort()
  print([
    ['', ...functions.map(({ name }) => name)],
    ...files.map((file) => [file, ...columns.map((it) => it.get(file) ?? '·')]),
  ])
}

const explain = (wanted: string) => {
  const all = [...functions, ...exported]
  const found = all.find(({ name }) => name === wanted)
  if (!found) throw new Error(`there is no \`${wanted}\`, but ${all.map(({ name }) => `\`${name}\``).join(', ')}`)
  const { text, gzip, imports } = found.bundle
  console.log(`${wanted}: ${text.length} bytes minified, ${gzip} gzipped, imports ${imports.join(', ') || 'nothing'}`)
  console.log('(gzip: by how much the whole would be smaller without)\n')
  const rows = (shares: readonly Share[]) => {
    const percent = (bytes: number) => `${((100 * bytes) / text.length).toFixed(1)} %`
    print([['', 'min', '', 'gzip'], ...shares.map(({ name, bytes, gzip }) => [name, bytes, percent(bytes), gzip])])
  }
  rows(fileShares(found.bundle))
  console.log()
  const declarations = declarationShares(found.bundle)
  rows(declarations.slice(0, 60))
  const small = declarations.slice(60)
  if (small.length > 0) console.log(`and ${small.length} more of ${small[0]!.bytes} bytes or fewer`)
}

/** Raises the ceilings that are exceeded, or lowers those that are too high. */
const move = async (raise: boolean) => {
  const file = join(import.meta.dirname, '../ceilings.ts')
  let source = await readFile(file, 'utf8')
  const set = (after: string, ceiling: RegExp, { max, bundle }: { max: number; bundle: { gzip: number } }) => {
    const at = source.indexOf(after)
    const roomy = bundle.gzip + Math.max(20, Math.ceil(bundle.gzip * 0.02))
    const moved = raise ? (bundle.gzip > max ? roomy : max) : Math.min(max, roomy)
    source = source.slice(0, at) + source.slice(at).replace(ceiling, (text) => text.replace(/\d+/, String(moved)))
  }
  for (const it of functions) set(`name: '${it.name}'`, /max: \d+/, it)
  for (const it of exported) set(`'${it.entry}': {`, new RegExp(`\\b${it.key}: \\d+`), it)
  await writeFile(file, source)
}

if (values.explain) explain(values.explain)
else if (values.lower || values.raise) await move(values.raise ?? false)
else table()

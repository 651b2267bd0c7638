// `pnpm size`, `pnpm size --explain lambda`, `pnpm size --lower`.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ceilings } from '../ceilings.ts'
import { bundle } from './bundle.ts'
import { declarationShares, fileShares, type Share } from './shares.ts'

const { values } = parseArgs({ options: { explain: { type: 'string' }, lower: { type: 'boolean' } } })
const measured = await Promise.all(ceilings.map(async (it) => ({ ...it, bundle: await bundle(it.code) })))

const print = (rows: readonly (readonly (string | number)[])[]) => {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  for (const row of rows)
    console.log(
      row.map((it, i) => (i === 0 ? String(it).padEnd(widths[0]!) : String(it).padStart(widths[i]!))).join('  '),
    )
}

const table = () => {
  print([
    ['', 'min', 'gzip', 'ceiling', 'left'],
    ...measured.map(({ name, max, bundle: { text, gzip } }) => [name, text.length, gzip, max, max - gzip]),
  ])
  console.log('\nMinified bytes of each source file\n')
  const columns = measured.map(({ bundle }) => new Map(fileShares(bundle).map(({ name, bytes }) => [name, bytes])))
  const files = [...new Set(columns.flatMap((it) => [...it.keys()]))].sort()
  print([
    ['', ...measured.map(({ name }) => name)],
    ...files.map((file) => [file, ...columns.map((it) => it.get(file) ?? '·')]),
  ])
}

const explain = (wanted: string) => {
  const found = measured.find(({ name }) => name === wanted)
  if (!found) throw new Error(`there is no \`${wanted}\`, but ${ceilings.map(({ name }) => `\`${name}\``).join(', ')}`)
  const { text, gzip, imports } = found.bundle
  console.log(`${wanted}: ${text.length} bytes minified, ${gzip} gzipped, imports ${imports.join(', ') || 'nothing'}`)
  console.log('(gzip: what the whole would be smaller without)\n')
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

/** Never raises one: that is done by hand, and seen in a review. */
const lower = async () => {
  const file = join(import.meta.dirname, '../ceilings.ts')
  let source = await readFile(file, 'utf8')
  for (const { name, max, bundle } of measured) {
    const at = source.indexOf(`name: '${name}'`)
    const rest = source.slice(at)
    source = source.slice(0, at) + rest.replace(/max: \d+/, `max: ${Math.min(max, Math.ceil(bundle.gzip * 1.02))}`)
  }
  await writeFile(file, source)
}

if (values.explain) explain(values.explain)
else if (values.lower) await lower()
else table()

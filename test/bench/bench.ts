import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './harness/bundle.ts'
import { discover } from './harness/discover.ts'
import { measure, places } from './harness/invocations.ts'
import { median } from './harness/statistics.ts'

const out = await mkdtemp(join(tmpdir(), 'bench-'))
const peers = await discover()
const all = await places(peers, () => true, out)
await bundle(
  [{ name: 'measure', code: `import ${JSON.stringify(join(import.meta.dirname, 'process/measure.ts'))}` }],
  out,
)
const table = new Map<string, number[]>()
for (let round = 0; round < 3; round++)
  for (const place of all) {
    const { cpu, wall } = await measure(place, join(out, 'measure.mjs'), 200)
    const key = `${place.cell.id} ${place.peer.name}`
    table.set(key, [...(table.get(key) ?? []), cpu])
    if (round === 0) console.error(key, cpu.toFixed(0), wall.toFixed(0))
  }
for (const [key, values] of table)
  console.log(key.padEnd(40), median(values).toFixed(0), values.map((v) => v.toFixed(0)).join(' '))

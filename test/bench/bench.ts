import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discoverData } from './data/harness/peers.ts'
import { discover } from './harness/discover.ts'
import { commit, isBusy, load, machine, versions } from './harness/machine.ts'
import { help, optionsOf } from './harness/options.ts'
import { type Peers, report } from './harness/report.ts'
import { run } from './harness/run.ts'
import { discoverObservability } from './observability/harness/peers.ts'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) throw new Error(`needs Node 24, not ${process.version}: pnpm bench runs on the repository's own`)

const args = process.argv.slice(2).filter((arg) => arg !== '--')
const options = optionsOf(args)
if (options.help) {
  console.log(help)
  process.exit()
}

const [all, data, observability] = await Promise.all([
  discover(options.peers),
  options.only.includes('data') ? discoverData(options.peers) : [],
  options.only.includes('observability') ? discoverObservability(options.peers) : [],
])
const peers: Peers = { all, data, observability }
const everyone = [...all, ...data, ...observability]
const named = new Set(everyone.map(({ name }) => name))
const unknown = options.peers?.filter((name) => !named.has(name)) ?? []
if (unknown.length > 0) throw new Error(`there is no peer ${unknown.join(', ')}`)
const out = await mkdtemp(join(tmpdir(), 'fnware-bench-'))
let said = Date.now()
const say = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
  else if (text && Date.now() - said > 30_000) {
    said = Date.now()
    process.stderr.write(`${text}\n`)
  }
}
try {
  const measured = await versions(everyone)
  const fnware = await commit()
  const began = Date.now()
  const before = load()
  if (isBusy(before)) console.error(`The machine has other things to do (load ${before.toFixed(1)}): not to be quoted.`)
  const results = await run(options, peers, out, say)
  const text = report(results, peers, {
    command: ['pnpm bench', ...args].join(' '),
    date: new Date(began).toISOString().slice(0, 10),
    machine: machine(),
    versions: measured,
    commit: fnware,
    rounds: options.rounds,
    minutes: (Date.now() - began) / 60_000,
    load: [before, load()],
    busy: isBusy(before),
  })
  say('')
  console.log(text)
  if (options.write) await writeFile(join(import.meta.dirname, '../../docs/benchmarks.md'), text)
} finally {
  await rm(out, { recursive: true, force: true })
}

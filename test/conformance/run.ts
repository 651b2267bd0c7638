// `pnpm conformance`: compares our runtime client with aws-lambda-ric, and writes down what there is to see.

import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { modesOf } from './case.ts'
import { groups } from './cases/all.ts'
import { compare } from './compare.ts'
import { differences } from './differences.ts'
import { document, transcripts } from './document.ts'
import { buildRic, isBuilt, obstacle, ricRuntime, version } from './ric/ric.ts'
import { seen } from './seen.ts'

const why = isBuilt() ? undefined : obstacle()
if (why) console.warn(`Not compared with aws-lambda-ric, which can't be built here: ${why}`)
else if (!isBuilt()) {
  console.log(`Building aws-lambda-ric ${version}: a minute or two.`)
  await buildRic()
}

const unexpected: string[] = []
const comparisons = Object.values(why ? {} : groups)
  .flat()
  .flatMap((each) => modesOf(each).map((mode) => ({ each, mode })))
await Promise.all(
  comparisons.map(async ({ each, mode }) => {
    const { ours, ric } = compare(await seen(each, mode), await seen(each, mode, ricRuntime))
    const declared = differences[each.name]?.[mode]
    if (JSON.stringify([ours, ric]) === JSON.stringify([declared?.ours ?? [], declared?.ric ?? []])) return
    const lines = [...ours.map((line) => `- ${line}`), ...ric.map((line) => `+ ${line}`)]
    unexpected.push(`${each.name} (${mode})\n${lines.join('\n') || 'no difference any more'}`)
  }),
)

for (const [path, text] of [
  ['../../docs/conformance.md', await document()],
  ['transcripts.md', await transcripts()],
] as const) {
  await writeFile(fileURLToPath(new URL(path, import.meta.url)), text)
}
const page = await document()
console.log(page.slice(page.indexOf('###'), page.indexOf('## Differences')))
console.log(page.match(/\*\*.*\*\*/)?.[0].replaceAll('*', ''))
if (unexpected.length) {
  console.error(`\nNot as differences.ts says:\n\n${unexpected.join('\n\n')}`)
  process.exitCode = 1
}

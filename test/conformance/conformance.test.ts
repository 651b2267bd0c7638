import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { modes, modesOf } from './case.ts'
import { groups } from './cases/all.ts'
import { compare } from './compare.ts'
import { differences } from './differences.ts'
import { document, transcripts } from './document.ts'
import { buildRic, isBuilt, ricRuntime } from './ric/ric.ts'
import { seen } from './seen.ts'

const cases = Object.values(groups).flat()

// In CI a comparison that can't be made is a failure.
if (process.env.CI) await buildRic()
if (isBuilt())
  describe.concurrent.each(modes)('as under aws-lambda-ric, or as `differences.ts` says: %s', (mode) => {
    test.for(cases.filter((each) => modesOf(each).includes(mode)))('$name', async (each) => {
      const { ours, ric } = differences[each.name]?.[mode] ?? { ours: [], ric: [] }
      expect(compare(await seen(each, mode), await seen(each, mode, ricRuntime))).toEqual({ ours, ric })
    })
  })
else
  console.warn(
    'Not compared with aws-lambda-ric, which has not been built: `pnpm conformance` does, and on Debian takes ' +
      '`apt-get install cmake g++ make xz-utils`. Our own client is held to docs/conformance.md all the same.',
  )

const committed = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

test.each([
  ['../../docs/conformance.md', document],
  ['transcripts.md', transcripts],
])('%s is what the run gives', { timeout: 300_000 }, async (path, made) => {
  expect(await made()).toBe(await committed(path))
})

test('every name is one case’s, and every difference is of a case', () => {
  const names = cases.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
  expect(names).toEqual(expect.arrayContaining(Object.keys(differences)))
})

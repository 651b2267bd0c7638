import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** What all others are measured by, and what it is made of. */
const files = ['hand-http', 'hand-routes', 'body', 'log', 'order', 'problem', 'routes']
const reviewed = '4309e144527b1e73a5d99317b8584dcd435668f0f55a70a08ab1a3341c4f4617'

test('the stack by hand is as its fairness was last reviewed', async () => {
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(join(import.meta.dirname, `stack/${file}.ts`)))
  const found = hash.digest('hex')
  expect(
    found,
    `${files.map((file) => `stack/${file}.ts`).join(', ')}: one has changed. Have its fairness reviewed again, then accept by \`reviewed = '${found}'\` in frozen.test.ts`,
  ).toBe(reviewed)
})

import { expect, test } from 'vitest'
import { ceilings } from './ceilings.ts'
import { bundle } from './size/bundle.ts'
import { fileShares } from './size/shares.ts'

test.each(ceilings)('$name is at most $max bytes', async ({ name, code, max }) => {
  const made = await bundle(code)
  if (made.gzip <= max) return
  const over = made.gzip - max
  const largest = fileShares(made)
    .slice(0, 8)
    .map(({ name, bytes, gzip }) => `  ${name}: ${bytes} bytes, ${gzip} of them gzipped`)
  const message = [
    `\`${name}\` is ${made.gzip} bytes gzipped, ${over} (${((100 * over) / max).toFixed(1)} %) above its ceiling of ${max}.`,
    'The largest of what it is made of:',
    ...largest,
    `All of it: pnpm size --explain '${name}'. The ceilings: test/packages/ceilings.ts`,
  ]
  expect.fail(message.join('\n'))
})

test('the shares of the files are the whole, and each is of a source', async () => {
  const made = await bundle(ceilings[0]!.code)
  const shares = fileShares(made)
  const sum = shares.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(Math.abs(sum - made.text.length)).toBeLessThanOrEqual(1)
  expect(shares.map(({ name }) => name).filter((name) => !/^core\/[\w/-]+\.ts$/.test(name))).toEqual([])
})

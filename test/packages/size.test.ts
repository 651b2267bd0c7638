import { describe, expect, test } from 'vitest'
import { alone, ceilings } from './ceilings.ts'
import { entries } from './manifests.ts'
import { type Bundle, bundle } from './size/bundle.ts'
import { intruders } from './size/contents.ts'
import { declarationShares, fileShares, filesIn } from './size/shares.ts'

/** Says by how much a bundle is too large, and what is the most of it. */
const fits = (name: string, made: Bundle, max: number) => {
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
}

describe.each(ceilings)('$name', (it) => {
  test(`is at most ${it.max} bytes`, async () => fits(it.name, await bundle(it.code), it.max))
  test('has nothing in it that it must not', async () => {
    expect(intruders(await bundle(it.code), it)).toEqual([])
  })
})

describe.each(Object.entries(alone))('%s', (entry, names) => {
  test('every export has a ceiling', async () => {
    expect(Object.keys(await import(entry)).sort()).toEqual(Object.keys(names).sort())
  })
  test.each(Object.entries(names))('%s alone is at most %d bytes', async (name, max) => {
    fits(`${name} alone`, await bundle(`export { ${name} } from '${entry}'`), max)
  })
})

const several = Object.keys(alone).filter((entry) => Object.keys(alone[entry]!).length > 1)
test.each(several)('nothing at the top of a module of %s stays where it is not used', async (entry) => {
  expect(unwrapped((await bundle(`import '${entry}'`, false)).text)).toBe('')
})
/** Without what esbuild puts round a module that is imported dynamically as well, when there is nothing left in it. */
const unwrapped = (text: string) =>
  text
    .replace(/^var \w+=\(\w+,\w+,\w+\)=>\(\)=>\{.*?catch.*?\}\};/, '')
    .replaceAll(/var \w+=\w+\(\(\)=>\{(?:\w+\(\);?)*\}\);|\b\w+\(\);/g, '')
    .trim()

test.each(entries)('of %s nothing is left where nothing is used', async (entry) => {
  expect((await bundle(`import '${entry}'`)).text).toBe('')
})

describe('these tests can fail', () => {
  test('what must not be in one bundle is in another: no name is out of date', async () => {
    const bundles = await Promise.all(ceilings.map(({ code }) => bundle(code)))
    const files = bundles.flatMap(filesIn)
    const unwanted = ceilings.flatMap(({ without }) => without)
    expect(unwanted.filter((it) => !files.some((file) => file.startsWith(it)))).toEqual([])
  })

  test.each([
    [`import 'node:http'`, 'node:http'],
    [`const { get } = process.getBuiltinModule('node:https'); get('x')`, 'node:https'],
    [`export default await import('@aws-sdk/client-s3')`, '@aws-sdk/client-s3'],
    [`export default (name) => require(name || 'zod')`, 'zod'],
    ['export default () => new Response(1)', 'new Response'],
    ['export default () => Response.json(1)', 'Response.json'],
    [`export { fakeContext } from '@fnware/testing'`, 'testing/context.ts'],
    [`export { localLambda } from '@fnware/local'`, 'local/local.ts'],
    [`export { fresh } from '@fnware/core'`, 'core/fresh.ts'],
  ])('%s is noticed', async (code, intruder) => {
    expect(intruders(await bundle(code), { without: ['core/fresh.ts'] })).toContain(intruder)
  })

  test('the shares of the files are the whole, and each is of a source', async () => {
    const made = await bundle(ceilings[0]!.code)
    const shares = fileShares(made)
    const sum = shares.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(Math.abs(sum - made.text.length)).toBeLessThanOrEqual(1)
    expect(shares.map(({ name }) => name).filter((name) => !/^core\/[\w/-]+\.ts$/.test(name))).toEqual([])
  })

  test('the shares of the declarations are told by name', async () => {
    const shares = declarationShares(await bundle(ceilings[0]!.code))
    const nameless = shares.filter(({ name }) => name.endsWith('(imports)'))
    expect(nameless.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(100)
    expect(shares.map(({ name }) => name)).toContain('core/lambda.ts  lambda')
  })

  test('what is too large is told with its largest parts', async () => {
    const { code } = ceilings[0]!
    const made = await bundle(code)
    expect(() => fits('core', made, 1000)).toThrow(/`core` is \d+ bytes gzipped, \d+ .* above its ceiling of 1000/)
    expect(() => fits('core', made, 1000)).toThrow(fileShares(made)[0]!.name)
  })
})

import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const here = import.meta.dirname
const made = ['out', 'tsconfig.inferred.json', 'tsconfig.annotated.json', 'tsconfig.reader.json']
afterAll(() => Promise.all(made.map((path) => rm(join(here, path), { recursive: true, force: true }))))

/** Compiles one file as a user's package would: against what is built, with the options it is given. */
const tsc = async (file: string, options: object) => {
  const config = join(here, `tsconfig.${file}.json`)
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    rootDir: 'src',
    outDir: 'out',
    ...options,
  }
  await writeFile(config, JSON.stringify({ compilerOptions, files: [`src/${file}.ts`] }))
  return promisify(execFile)(join(here, '../../node_modules/.bin/tsc'), ['-p', config, '--pretty', 'false']).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
}

// In order: the reader reads what the two before it emit.
test('a package that exports what it infers emits declarations that another can read', async () => {
  const emit = { declaration: true, emitDeclarationOnly: true }
  expect(await tsc('inferred', emit)).toBe('')
  expect(await tsc('annotated', { ...emit, isolatedDeclarations: true })).toBe('')
  expect(await tsc('reader', { noEmit: true, rootDir: '.' })).toBe('')
}, 60_000)

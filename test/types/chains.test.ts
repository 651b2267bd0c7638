import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const here = import.meta.dirname
const tsc = join(here, '../../node_modules/.bin/tsc')

/** What the compiler says of one file, by line. */
const errorsOf = async (file: string): Promise<Map<number, string>> => {
  const config = join(here, 'chains', `tsconfig.${file}.json`)
  await writeFile(config, JSON.stringify({ extends: '../../../tsconfig.json', include: [], files: [`${file}.ts`] }))
  const output = await promisify(execFile)(tsc, ['-p', config, '--pretty', 'false']).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  await rm(config)
  const errors = new Map<number, string>()
  let line = 0
  for (const text of output.split('\n').filter(Boolean)) {
    const [, at, number] = /^([^(\s]+)\((\d+),/.exec(text) ?? []
    if (at && !at.endsWith(`${file}.ts`)) throw new Error(text)
    line = Number(number ?? line)
    errors.set(line, `${errors.get(line) ?? ''}${text}\n`)
  }
  return errors
}

test('what should compile does', async () => {
  expect([...(await errorsOf('usage')).values()]).toEqual([])
}, 60_000)

test('what should not compile is refused in the words that stand beside it', async () => {
  const errors = await errorsOf('misuse')
  const lines = (await readFile(join(here, 'chains/misuse.ts'), 'utf8')).split('\n')
  const wrong = lines.flatMap((text, i) => {
    const [, expected] = i === 0 ? [] : text.split(' // ⛔ ')
    const found = errors.get(i + 1)
    const right = expected ? found?.includes(expected) : !found
    return right ? [] : [`${i + 1}: ${text}\n   found: ${found}`]
  })
  expect(wrong).toEqual([])
  expect(lines.filter((text) => text.includes(' // ⛔ ')).length).toBeGreaterThan(45)
}, 60_000)

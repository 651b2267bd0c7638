import { execFile } from 'node:child_process'
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const made = join(import.meta.dirname, 'made')

interface Snippet {
  readonly from: string
  readonly file: string
  readonly code: string
}

/** Every `ts` block of every page, each a module of its own. */
const snippets = async (): Promise<Snippet[]> => {
  const found: Snippet[] = []
  const exclude = (path: string) => path.includes('node_modules')
  for await (const page of glob(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/*/README.md'], {
    cwd: root,
    exclude,
  })) {
    const text = await readFile(join(root, page), 'utf8')
    for (const [i, match] of [...text.matchAll(/^```ts\n(.*?)^```$/gms)].entries())
      found.push({
        from: `${page}, snippet ${i + 1}`,
        file: `${page.replaceAll(/[/.]/g, '-')}-${i + 1}.ts`,
        code: match[1] as string,
      })
  }
  return found.sort((a, b) => a.from.localeCompare(b.from))
}
const all = await snippets()

beforeAll(async () => {
  await rm(made, { recursive: true, force: true })
  await mkdir(made, { recursive: true })
  for (const { file, code } of all) await writeFile(join(made, file), code)
  const config = { extends: '../../../tsconfig.json', include: ['*.ts'], exclude: [] }
  await writeFile(join(made, 'tsconfig.json'), JSON.stringify(config))
})
afterAll(() => rm(made, { recursive: true, force: true }))

test('there are snippets of every package', () => {
  expect(all.length).toBeGreaterThan(8)
})

test('they compile', async () => {
  const errors = await run(join(root, 'node_modules/.bin/tsc'), ['-p', made, '--pretty', 'false']).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  expect(errors).toBe('')
}, 60_000)

test.each(all)(
  '$from runs',
  async ({ file }) => {
    const node = join(root, 'node_modules/.bin/node')
    await run(node, ['--conditions=@fnware/source', join(made, file)], { timeout: 30_000 })
  },
  40_000,
)

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Runs `fnware dev`, unbuilt, in a folder. */
function dev(folder: string) {
  const bin = join(root, 'packages/cli/src/bin.ts')
  const child: ChildProcess = spawn(process.execPath, ['--conditions=@fnware/source', bin, 'dev', '--port', '0'], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const ended = new Promise((done) => child.once('close', done))
  onTestFinished(async () => {
    child.kill('SIGINT')
    await ended
  })
  /** Waits until what it has said is enough. */
  const until = async <T>(enough: (output: string) => T | undefined): Promise<T> => {
    for (const end = Date.now() + 30_000; ; await new Promise((later) => setTimeout(later, 20))) {
      const found = enough(output)
      if (found !== undefined) return found
      if (Date.now() > end || child.exitCode !== null) throw new Error(`did not say enough, but:\n${output}`)
    }
  }
  return until
}

/** The trees of spans that were shown: what stands first, and what is below it, without times. */
function treesIn(output: string): readonly (readonly string[])[] {
  const trees: string[][] = []
  let tree: string[] | undefined
  for (const line of output.replaceAll(/ [\d.]+ ms/g, '').split('\n')) {
    const [, below] = line.match(/^ {15}(\s*\S.*)$/) ?? []
    const [, first] = line.match(/^(?:xray|otel|powertools|many) +(?:[0-9a-f]{8} )?\s*(## .*|GET .*)$/) ?? []
    if (first) trees.push((tree = [first]))
    else if (below) tree?.push(below)
    else tree = undefined
  }
  return trees
}

test('fnware dev shows what @fnware/tracer tells, by X-Ray, Powertools and OpenTelemetry, one at a time and many', async () => {
  const until = dev(join(import.meta.dirname, 'dev-traces'))
  const url = await until((output) => output.match(/AWS_ENDPOINT_URL_LAMBDA=(\S+)\n/)?.[1])
  const shown = async (first: string, id: string) => {
    const of = (output: string) => treesIn(output).find((tree) => tree.some((line) => line.endsWith(` ${id}`)))
    const [root, ...rest] = await until(of)
    expect(root).toBe(first)
    // Which of the two began first is not to be seen where they began at the same time.
    const failed = `right ${id} Error: disk full`
    expect(rest).toContain(failed)
    expect(rest.filter((line) => line !== failed)).toEqual([`left ${id}`, `  within ${id}`])
  }
  const get = async (path: string) => expect((await fetch(url + path)).status).toBe(200)

  await get('/xray?id=x1')
  await shown('## index.handler GET 200', 'x1')
  await get('/powertools?id=p1')
  await shown('## index.handler GET 200', 'p1')
  await get('/otel?id=o1')
  await shown('GET /otel 200', 'o1')
  const ids = Array.from({ length: 16 }, (_, n) => `m${n}`)
  await Promise.all(ids.map((id) => get(`/many?id=${id}`)))
  for (const id of ids) await shown('## index.handler GET 200', id)
})

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundle, type Entry } from './bundle.ts'

/** Bytes of a minified ES module. */
export interface Size {
  readonly minified: number
  readonly gzip: number
}

export const sizeOf = async (file: string): Promise<Size> => {
  const bytes = await readFile(file)
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
}

/** Parts of fnware by themselves, as a function that uses no more would hold them. */
const entries: readonly Entry[] = [
  {
    name: 'lambda()',
    code: `import { lambda } from '@fnware/core'; export const handler = lambda().handle(() => 1)`,
  },
  {
    name: 'lambda(http())',
    code: `import { lambda } from '@fnware/core'; import { http } from '@fnware/http'; export const handler = lambda(http()).handle(() => 1)`,
  },
  {
    name: 'lambda(http()).routes()',
    code: `import { lambda } from '@fnware/core'; import { http } from '@fnware/http'; export const handler = lambda(http()).routes((r) => { r.get('/', () => 1) })`,
  },
  {
    name: 'Middy: middy()',
    code: `import middy from '@middy/core'; export const handler = middy(() => 1)`,
  },
  {
    name: 'Hono: hono/tiny',
    code: `import { Hono } from 'hono/tiny'; const app = new Hono(); app.get('/', (c) => c.json(1)); export default app`,
  },
  {
    name: 'Hono: hono/tiny and its Lambda adapter',
    code: `import { Hono } from 'hono/tiny'; import { handle } from 'hono/aws-lambda'; const app = new Hono(); app.get('/', (c) => c.json(1)); export const handler = handle(app)`,
  },
]

export const entrySizes = async (out: string): Promise<Readonly<Record<string, Size>>> => {
  // Nothing here needs `require`, so nothing is put before the modules.
  await bundle(
    entries.map((entry, i) => ({ ...entry, name: `entry-${i}` })),
    out,
    { banner: false },
  )
  const sizes = entries.map(async ({ name }, i) => [name, await sizeOf(join(out, `entry-${i}.mjs`))] as const)
  return Object.fromEntries(await Promise.all(sizes))
}

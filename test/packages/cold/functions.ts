import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { gzipped } from '../size/bundle.ts'

export interface ColdFunction {
  readonly name: string
  readonly file: string
  /** Bytes of the whole bundle, gzipped. */
  readonly gzip: number
}

/** What is imported, and the transport; without one there are no secrets. */
const functions: Readonly<Record<string, readonly [imports: string, use: string]>> = {
  'no secrets': [
    `import { resource } from '@fnware/core'`,
    `.use(resource('secrets', { init: () => ({ it: 'hunter2' }) }))`,
  ],
  'https()': [`import { secret, secrets } from '@fnware/secrets'`, using('')],
  'extension()': [`import { extension, secret, secrets } from '@fnware/secrets'`, using('{ transport: extension() }')],
  'sdk()': [
    `import { secret, secrets } from '@fnware/secrets'\nimport { sdk } from '@fnware/secrets/sdk'`,
    using('{ transport: sdk() }'),
  ],
  'powertools()': [
    `import { powertools, secret, secrets } from '@fnware/secrets'
    import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'`,
    using('{ transport: powertools(new SecretsProvider()) }'),
  ],
}
function using(options: string) {
  return `.use(secrets({ it: secret('prod/it') }, ${options}))`
}

/** A module that says at its first answer how long that took, of its process's time and of the clock's. */
const moduleOf = ([imports, use]: readonly [string, string]) => `
  import { lambda } from '@fnware/core'
  ${imports}
  const handler = lambda()${use}.handle(({ secrets }) => secrets.it)
  await handler.ready()
  const answer = await handler({}, { getRemainingTimeInMillis: () => 3000 })
  const { user, system } = process.cpuUsage()
  const undici = process.moduleLoadList.some((name) => name.includes('undici'))
  console.log(JSON.stringify({ answer, cpu: (user + system) / 1000, clock: performance.now(), undici }))
  process.exit()`

/** Built as bundlers do by default, and once more with modules first and built-ins that load no fetch(). */
export const bundled = async (folder: string): Promise<ColdFunction[]> => {
  await mkdir(folder, { recursive: true })
  const made: ColdFunction[] = []
  for (const [name, code] of Object.entries(functions))
    for (const lean of name === 'sdk()' || name === 'powertools()' ? [false, true] : [false]) {
      const { outputFiles } = await build({
        stdin: { contents: moduleOf(code), resolveDir: join(import.meta.dirname, '..') },
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'node',
        target: 'node22',
        legalComments: 'none',
        write: false,
        logLevel: 'error',
        banner: {
          js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)`,
        },
        ...(lean && { mainFields: ['module', 'main'], plugins: [taken] }),
      })
      const file = join(folder, `${made.length}.mjs`)
      const { text } = outputFiles[0]!
      await writeFile(file, text)
      made.push({ name: lean ? `${name}, lean` : name, file, gzip: gzipped(text) })
    }
  return made
}

const taken: Plugin = {
  name: 'built-ins that load no fetch()',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?https?$/ }, ({ path }) => ({ path: path.replace('node:', ''), namespace: 'taken' }))
    onLoad({ filter: /./, namespace: 'taken' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}')`,
    }))
  },
}

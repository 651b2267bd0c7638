import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const here = join(import.meta.dirname, '..')

/** What is bundled: the code of an entry, and the name of the file that comes of it. */
export interface Entry {
  readonly name: string
  readonly code: string
}

const require =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/** A function as it is deployed: all of it in one minified ES module. */
export const bundle = async (
  entries: readonly Entry[],
  out: string,
  // Lambda's runtime brings the SDK. lambda-api would import its S3 client when a file is sent.
  { banner = true, external = ['@aws-sdk/*'] } = {},
): Promise<void> => {
  await build({
    entryPoints: entries.map(({ name }) => ({ in: `entry:${name}`, out: name })),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    plugins: [virtual(entries), ownImports],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external,
    mainFields: ['module', 'main'],
    conditions: ['@fnware/source', 'module'],
    // CommonJS dependencies ask for `require` (Powertools' for one), and there is none in an ES module.
    ...(banner && { banner: { js: require } }),
    legalComments: 'none',
    logLevel: 'error',
  })
}

/** The entry that exports one cell of a peer as a function's handler. */
export const cellEntry = (file: string, make: string, count?: number): string =>
  `import { ${make} } from ${JSON.stringify(file)}
   export { unwound } from ${JSON.stringify(join(here, 'stack/unwound.ts'))}
   export const handler = ${make}(${count ?? ''})`

const own = ['peers', 'stack', 'data/peers', 'data/stack', 'observability/peers', 'observability/stack'].map((folder) =>
  join(here, folder),
)

const virtual = (entries: readonly Entry[]): Plugin => ({
  name: 'virtual',
  setup: (esbuild) => {
    const codes = new Map(entries.map(({ name, code }) => [name, code]))
    esbuild.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }))
    esbuild.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
      contents: codes.get(path)!,
      loader: 'ts',
      resolveDir: here,
    }))
  },
})

/**
 * A peer's file imports what any of its cells needs. Written for one cell alone it would import no more than that, so
 * what is not used of these imports leaves nothing behind.
 */
const ownImports: Plugin = {
  name: 'own-imports',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === ownImports || kind !== 'import-statement') return undefined
      if (!own.some((folder) => importer.startsWith(folder))) return undefined
      const resolved = await esbuild.resolve(path, { importer, resolveDir, kind, pluginData: ownImports })
      return { ...resolved, sideEffects: false }
    })
  },
}

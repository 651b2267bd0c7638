import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Metafile, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

export interface Bundle {
  readonly text: string
  readonly gzip: number
  readonly map: string
  readonly inputs: Metafile['outputs'][string]['inputs']
  /** What it imports and does not contain: built-ins of Node and packages that are not ours. */
  readonly imports: readonly string[]
}

export const gzipped = (text: string): number => gzipSync(text, { level: 9 }).length

/**
 * Bundles what is built as a function's bundler would, without what is not ours.
 * @param trusting whether our packages are believed that their modules have no side effects
 */
export const bundle = async (code: string, trusting = true): Promise<Bundle> => {
  const outfile = join(root, 'bundle.mjs')
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, '..'), sourcefile: 'function.ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    sourcemap: 'external',
    outfile,
    metafile: true,
    write: false,
    logLevel: 'silent',
    plugins: trusting ? [othersExternal] : [othersExternal, distrust],
  })
  const text = outputFiles.find(({ path }) => path === outfile)!.text
  const { inputs, imports } = metafile.outputs['bundle.mjs']!
  return {
    text,
    gzip: gzipped(text),
    map: outputFiles.find(({ path }) => path.endsWith('.map'))!.text,
    inputs,
    imports: imports.map(({ path }) => path),
  }
}

const othersExternal: Plugin = {
  name: 'others-external',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      /^(@fnware\/|fnware$)/.test(path) ? undefined : { path, external: true },
    )
  },
}

const distrust: Plugin = {
  name: 'distrust',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'asked') return undefined
      return { path: (await resolve(path, { ...from, pluginData: 'asked' })).path, sideEffects: true }
    })
  },
}

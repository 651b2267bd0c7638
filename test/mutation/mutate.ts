import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'

// pnpm mutation [core|http [file…]] [--force]
// A file is named as it is in src, such as router/trie.ts, and all of it is tested. Of a whole package only what has
// changed is, unless by force: mutants that act while a module loads are not known to be reached by a new test.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { force: { type: 'boolean' } } })
const [name, ...files] = positionals
process.chdir(fileURLToPath(new URL('../..', import.meta.url)))

for (const one of name ? [name] : ['core', 'http']) {
  const src = `packages/${one}/src`
  for (const path of [src, ...files.map((file) => `${src}/${file}`)])
    if (!existsSync(path)) throw new Error(`there is no ${path}`)
  await new Stryker({
    mutate: files.length > 0 ? files.map((file) => `${src}/${file}`) : [`${src}/**/*.ts`, `!${src}/**/*.test.ts`],
    testRunner: 'vitest',
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    vitest: { configFile: 'test/mutation/vitest.config.ts', dir: `packages/${one}`, related: false },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // Nothing reads a tsconfig.json here, and rewriting one takes the JavaScript API that TypeScript 7 does not have.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    ignorePatterns: ['/docs', '/examples', '/.stryker', '**/dist', '**/.fnware'],
    tempDirName: `.stryker/${one}`,
    incremental: true,
    incrementalFile: `.stryker/${one}.json`,
    force: values.force ?? files.length > 0,
    reporters: ['clear-text', 'html', 'progress-append-only'],
    htmlReporter: { fileName: `.stryker/${one}.html` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
    timeoutMS: 10_000,
    thresholds: { high: 95, low: 90, break: 90 },
    allowConsoleColors: false,
  }).runMutationTest()
}

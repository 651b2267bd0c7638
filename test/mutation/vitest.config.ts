import { defineConfig } from 'vitest/config'

const conditions = ['@fnware/source', 'module', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    // Random input finds a mutant in one run and misses it in the next.
    exclude: ['**/fuzz.test.ts'],
    setupFiles: ['test/mutation/processes.ts'],
    // A mutant that never answers is found out by its test, which takes well under a second otherwise.
    testTimeout: 3000,
  },
})

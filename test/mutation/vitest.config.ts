import { defineConfig } from 'vitest/config'

const conditions = ['@fnware/source', 'module', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    // Random input finds a mutant in one run and misses it in the next, and a process of its own does not see it at all.
    exclude: ['**/fuzz.test.ts', '**/in-lambda.test.ts'],
    // A mutant that never answers is found out by its test, which takes well under a second otherwise.
    testTimeout: 3000,
  },
})

import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const conditions = ['@fnware/source', 'module', 'node', 'import', 'default']

/** The quickest files first: the first test that fails ends the run of a mutant. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse()
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    // Random input finds a mutant in one run and misses it in the next.
    exclude: ['answers', 'fuzz', 'hostile', 'interleave', 'round-trip'].map((name) => `**/${name}.test.ts`),
    setupFiles: ['test/mutation/processes.ts'],
    sequence: { sequencer: QuickestFirst },
    // A mutant that never answers is found out by its test, which takes well under a second otherwise.
    testTimeout: 5000,
  },
})

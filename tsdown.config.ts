import { defineConfig } from 'tsdown'

// Every package builds alike. What differs (entry points, ESM only) stands in the package's own tsdown.config.ts.
export default defineConfig({
  workspace: 'packages/*',
  entry: 'src/index.ts',
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node22',
  dts: true,
  sourcemap: true,
  fixedExtension: true,
  clean: true,
  // How long each part of the build took is nobody's business who starts an example.
  inputOptions: { checks: { pluginTimings: false } },
})

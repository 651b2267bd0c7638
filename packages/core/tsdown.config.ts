import { defineConfig } from 'tsdown'

export default defineConfig({ entry: ['src/index.ts', 'src/extend.ts', 'src/ports.ts'] })

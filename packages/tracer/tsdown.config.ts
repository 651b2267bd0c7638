import { defineConfig } from 'tsdown'

export default defineConfig({ entry: ['src/index.ts', 'src/powertools.ts', 'src/opentelemetry.ts'] })

import { defineConfig } from 'tsdown'

export default defineConfig({ entry: ['src/index.ts', 'src/postgres.ts', 'src/mysql.ts', 'src/ca.ts'] })

import { defineConfig } from 'fnware'

const environment = { NODE_OPTIONS: '--conditions=@fnware/source' }

export default defineConfig({
  functions: {
    xray: { entry: 'xray.ts', http: '/xray', environment },
    otel: { entry: 'otel.ts', http: '/otel', environment },
    powertools: { entry: 'powertools.ts', http: '/powertools', environment },
    many: { entry: 'xray.ts', http: '/many', environment, environmentConcurrency: 16 },
  },
})

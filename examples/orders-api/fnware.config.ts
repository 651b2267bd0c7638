import { join } from 'node:path'
import { defineConfig } from 'fnware'

export default defineConfig({
  functions: {
    orders: {
      entry: 'src/orders.ts',
      timeout: 5,
      environment: { ORDERS_DIR: join(import.meta.dirname, '.fnware/orders') },
      example: { method: 'POST', path: '/orders', body: { sku: 'A-1', quantity: 2 } },
    },
  },
})

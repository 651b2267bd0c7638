import { defineConfig } from 'fnware'
import { services } from './dev/services.ts'

export default defineConfig({
  services: { database: services },
  functions: {
    orders: {
      entry: 'src/orders.ts',
      timeout: 5,
      example: { method: 'POST', path: '/orders', body: { sku: 'A-1', quantity: 2 } },
    },
  },
})

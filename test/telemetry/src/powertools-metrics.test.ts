import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ingest } from './index.ts'

const program = new URL('../process/powertools-metrics.ts', import.meta.url).pathname

test('what Powertools writes is sound, and stored as it was meant', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  const logs = await ingest(stdout)
  logs.expectSound()
  const common = { namespace: 'shop', timestamp: expect.any(Number) }
  const values = (name: string) => logs.metrics.filter((metric) => metric.name === name).flatMap(({ values }) => values)

  const first = logs.metrics.filter(({ name }) => name === 'latency')
  expect(first).toContainEqual({
    ...common,
    name: 'latency',
    dimensions: expect.objectContaining({ service: 'orders', stage: 'test', tenant: 'a' }),
    unit: 'Milliseconds',
    resolution: 1,
    values: [12.5, 7],
  })
  expect(logs.json[0]).toMatchObject({ orderId: 'o-1' })
  expect(values('ordersPlaced')[0]).toBe(1)
  expect(values('size')).toEqual(Array.from({ length: 150 }, (_, index) => index))
  expect(values('name119')).toEqual([119])
  expect(logs.metrics.at(-1)).toMatchObject({ name: 'single', unit: 'None', resolution: 60, values: [3] })
})

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startXRay } from './index.ts'

const trace = '1-581cf771-a006649127e371903a2de979'
const program = new URL('../process/powertools-tracer.ts', import.meta.url).pathname

test('what Powertools sends is sound, and read', async () => {
  await using xray = await startXRay()
  const downstream = createServer((_, response) => response.writeHead(503).end('busy')).listen(0, '127.0.0.1')
  await once(downstream, 'listening')
  const { port } = downstream.address() as AddressInfo
  await promisify(execFile)(process.execPath, [program], {
    env: {
      ...process.env,
      ...xray.environment,
      LAMBDA_TASK_ROOT: '/var/task',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      _X_AMZN_TRACE_ID: `Root=${trace};Parent=defdfd9912dc5a56;Sampled=1`,
      DOWNSTREAM: `http://127.0.0.1:${port}/status?token=secret`,
    },
  }).finally(() => downstream.close())

  const spans = await xray.until((spans) => spans.length === 3)
  // The X-Ray SDK cannot read the stack of an ES module: its files are URLs.
  for (const fault of xray.takeFaults()) expect(fault).toMatch(/^### save: .*stack\[\d+\]\.line must be an integer/)
  expect(new Set(spans.map((span) => span.trace))).toEqual(new Set([trace]))
  const [handler, call, save] = ['## index.handler', '127.0.0.1', '### save'].map((name) =>
    spans.find((span) => span.name === name),
  )
  expect(handler).toMatchObject({
    parent: 'defdfd9912dc5a56',
    annotations: { ColdStart: true, Service: 'orders', orderId: 'o-1' },
    metadata: { orders: { request: { items: [1, 2] } } },
    fault: false,
  })
  expect(call).toMatchObject({ parent: handler?.id, namespace: 'remote', fault: true })
  expect(save).toMatchObject({
    parent: handler?.id,
    fault: true,
    exceptions: [{ type: 'TypeError', message: 'cannot save' }],
  })
  expect(save?.end).toBeGreaterThan(save?.start as number)
})

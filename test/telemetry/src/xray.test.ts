import { createSocket } from 'node:dgram'
import { expect, test } from 'vitest'
import { startXRay, type XRay } from './index.ts'

const header = '{"format":"json","version":1}\n'
const start = 1_478_293_361.271
const subsegment = {
  id: '53995c3f42cd8ad8',
  trace_id: '1-581cf771-a006649127e371903a2de979',
  parent_id: 'defdfd9912dc5a56',
  type: 'subsegment',
  name: '## index.handler',
  start_time: start,
  end_time: start + 0.25,
}

async function send(xray: XRay, ...datagrams: string[]): Promise<void> {
  const [host, port] = xray.address.split(':')
  const socket = createSocket('udp4')
  for (const datagram of datagrams)
    await new Promise<void>((done, failed) => {
      socket.send(datagram, Number(port), host, (error) => (error ? failed(error) : done()))
    })
  socket.close()
}

test('segments and subsegments come as a flat list, parents first', async () => {
  await using xray = await startXRay()
  const child = { id: 'aaaaaaaaaaaaaaaa', name: 'child', start_time: start, end_time: start + 0.1, error: true }
  await send(
    xray,
    header +
      JSON.stringify({
        ...subsegment,
        annotations: { ColdStart: true },
        subsegments: [{ ...child, namespace: 'aws' }],
      }),
  )
  const spans = await xray.until((spans) => spans.length === 2)
  expect(spans).toMatchObject([
    {
      id: subsegment.id,
      parent: subsegment.parent_id,
      trace: subsegment.trace_id,
      name: '## index.handler',
      annotations: { ColdStart: true },
      error: false,
    },
    { id: child.id, parent: subsegment.id, trace: subsegment.trace_id, name: 'child', namespace: 'aws', error: true },
  ])
  expect(spans[0]?.start).toBeCloseTo(start * 1000)
  expect(spans[0]?.end).toBeCloseTo(start * 1000 + 250)
  expect(xray.documents).toHaveLength(1)
  expect(xray.spansOf(subsegment.trace_id)).toEqual(spans)
})

test('one in progress is told again when it is complete, and only then', async () => {
  await using xray = await startXRay()
  const { end_time, ...open } = subsegment
  const progress = JSON.stringify({ ...open, in_progress: true })
  await send(xray, header + progress)
  expect(await xray.until((spans) => spans.length > 0)).toMatchObject([{ end: undefined }])
  await send(xray, header + JSON.stringify(subsegment))
  expect(await xray.until((spans) => spans[0]?.end !== undefined)).toHaveLength(1)
  expect(xray.faults).toEqual([])

  await send(xray, header + JSON.stringify({ ...subsegment, name: 'other' }))
  await send(xray, header + progress)
  await expect.poll(() => xray.datagrams.length).toBe(4)
  expect(xray.takeFaults()).toEqual([
    `other: its id ${subsegment.id} was sent before, by ## index.handler`,
    `## index.handler: its id ${subsegment.id} was sent before, by ## index.handler`,
  ])
})

test('what is no datagram of the daemon is a fault, and closing tells it', async () => {
  const xray = await startXRay()
  await send(xray, 'hello', 'hello\n{}', '{"format":"json","version":2}\n{}', `${header}{`, `${header}[]`)
  await send(xray, header + JSON.stringify({ ...subsegment, name: 'who?' }))
  await xray.until((spans) => spans.length === 1)
  await expect(xray.close()).rejects.toThrow(/Unsound:\n {2}the datagram has no header line\n/)
  expect(() => xray.expectSound()).toThrow('who?: name must be of letters')
  expect(xray.takeFaults()).toHaveLength(6)
  xray.expectSound()
})

test('what does not come is waited for no longer than is said, and what came is told', async () => {
  await using xray = await startXRay()
  await send(xray, header + JSON.stringify(subsegment))
  await xray.until((spans) => spans.length === 1)
  await send(xray, 'no datagram')
  await expect.poll(() => xray.faults).toHaveLength(1)
  await expect(xray.until((spans) => spans.length === 2, 10)).rejects.toThrow(
    /"name":"## index.handler".*\n {2}the datagram has no header line/,
  )
  expect(xray.takeFaults()).toHaveLength(1)
})

test('it goes away and comes back where it was', async () => {
  await using xray = await startXRay()
  const { address } = xray
  await xray.down()
  await send(xray, header + JSON.stringify(subsegment))
  await xray.up()
  expect(xray.address).toBe(address)
  await send(xray, header + JSON.stringify({ ...subsegment, name: 'second' }))
  expect(await xray.until((spans) => spans.length > 0)).toMatchObject([{ name: 'second' }])
  xray.clear()
  expect(xray.spans).toEqual([])
})

import { expect, test } from 'vitest'
import type { LambdaEvent, TraceEvent } from './events.ts'
import { running, served, until } from './testing.ts'

/** What a function's code may use: to be in a span of its own, told as X-Ray's SDKs tell it. */
const tracing = `
  import { createSocket } from 'node:dgram'
  import { randomBytes } from 'node:crypto'
  const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(':')
  const id = () => randomBytes(8).toString('hex')
  const traceOf = (header) => Object.fromEntries(header.split(';').map(each => each.split('=')))
  const tell = async (...documents) => {
    const socket = createSocket('udp4')
    for (const document of documents)
      await new Promise(sent => socket.send('{"format":"json","version":1}\\n' + JSON.stringify(document), port, host, sent))
    socket.close()
  }
  const span = (name, parent, trace_id, more) =>
    ({ id: id(), name, parent_id: parent, trace_id, type: 'subsegment', start_time: Date.now() / 1000, end_time: Date.now() / 1000 + 0.01, ...more })
`
const traced = `${tracing}
  export const handler = async ({ name = 'work', wait = 0 }, context) => {
    const { Root, Parent, Sampled } = traceOf(context.xRayTraceId)
    await new Promise(r => setTimeout(r, wait))
    if (Sampled === '1') await tell(span(name, Parent, Root, { subsegments: [{ ...span('part'), annotations: { name } }] }))
    return context.xRayTraceId
  }`

const tracesIn = (events: readonly LambdaEvent[]): TraceEvent[] =>
  events.flatMap((event) => (event.type === 'trace' ? [event] : []))

async function tracesOf(events: readonly LambdaEvent[], count: number): Promise<TraceEvent[]> {
  await until(() => tracesIn(events).length >= count)
  return tracesIn(events)
}

const trace = '1-5759e988-bd862e3fe1be46a994272793'
const parent = '53995c3f42cd8ad8'
const byName = ({ spans }: TraceEvent, name: string) => spans.find((span) => span.name === name)
const namesOf = ({ spans }: TraceEvent) => spans.map(({ name }) => name)
const ownOf = ({ spans }: TraceEvent) => spans.filter(({ by }) => by === 'function')

test('Active: Lambda’s segments and the function’s, a tree, some ms after the report', async () => {
  const { lambda, events } = await running({ f: { source: traced, tracing: 'Active' } })
  const { payload, requestId } = await lambda.invoke('f')
  const [event] = (await tracesOf(events, 1)) as [TraceEvent]
  expect(JSON.parse(payload)).toMatch(
    new RegExp(`^Root=${event.traceId};Parent=${byName(event, 'Invocation')?.id};Sampled=1$`),
  )
  expect(event).toMatchObject({ function: 'f', requestId, environment: expect.stringMatching(/^[0-9a-f]{32}$/) })
  expect(namesOf(event)).toEqual(['f', 'f', 'Initialization', 'Invocation', 'work', 'part', 'Overhead'])
  const [service, called, init, invocation, work, part, overhead] = event.spans
  expect([service, called, init, invocation, work, part, overhead].map((span) => span?.parent)).toEqual([
    undefined,
    ...[service, called, called, invocation, work, called].map((span) => span?.id),
  ])
  expect(service?.detail).toMatchObject({ origin: 'AWS::Lambda', aws: { request_id: requestId } })
  expect(called?.detail.origin).toBe('AWS::Lambda::Function')
  expect(part).toMatchObject({ by: 'function', status: 'ok', error: undefined, attributes: { name: 'work' } })
  expect(part?.end).toBeCloseTo((part?.start ?? 0) + 10)
  expect(events.at(-2)?.type).toBe('report')

  await lambda.invoke('f')
  const [, warm] = await tracesOf(events, 2)
  expect(namesOf(warm as TraceEvent)).toEqual(['f', 'f', 'Invocation', 'work', 'part', 'Overhead'])
  expect(warm?.traceId).not.toBe(event.traceId)
})

test('Active: a request’s trace is joined, and is not sampled where it says so', async () => {
  const { send, events } = await served(
    `${tracing} export const handler = async (event, { xRayTraceId }) => xRayTraceId`,
    { tracing: 'Active' },
  )
  const told = async (header: string) => (await send('/', { headers: { 'X-Amzn-Trace-Id': header } })).body.toString()
  expect(await told(`Root=${trace};Parent=${parent};Sampled=1`)).toMatch(
    new RegExp(`^Root=${trace};Parent=(?!${parent})[0-9a-f]{16};Sampled=1$`),
  )
  const [joined] = await tracesOf(events, 1)
  expect(joined).toMatchObject({ traceId: trace })
  expect(joined?.spans[0]).toMatchObject({ name: 'f', parent })

  expect(await told(`Root=${trace}`)).toMatch(new RegExp(`^Root=${trace};Parent=[0-9a-f]{16};Sampled=1$`))
  expect(await told(`Root=${trace};Parent=${parent};Sampled=0`)).toMatch(/;Sampled=0$/)
  expect(await told('Root=../../etc')).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/)
  await until(() => events.filter(({ type }) => type === 'report').length === 4)
  expect((await tracesOf(events, 3)).map(({ traceId }) => traceId === trace)).toEqual([true, true, false])
})

test('PassThrough, the default: only what who invokes has sampled, and without Lambda’s segments', async () => {
  const { lambda, events } = await running({ f: traced })
  expect(JSON.parse((await lambda.invoke('f')).payload)).toMatch(/^Root=1-.*;Sampled=0$/)
  const traceId = `Root=${trace};Parent=${parent};Sampled=1`
  const { payload, requestId } = await lambda.invoke('f', {}, { traceId })
  expect(JSON.parse(payload)).toBe(traceId)
  const all = await tracesOf(events, 1)
  expect(all).toMatchObject([{ requestId, traceId: trace }])
  expect(namesOf(all[0] as TraceEvent)).toEqual(['work', 'part'])
  expect(all[0]?.spans[0]?.parent).toBe(parent)
})

test('what fails is a fault, with what was thrown; also where nothing was told', async () => {
  const { lambda, events } = await running({
    f: { source: 'export const handler = () => { throw new TypeError("no") }', tracing: 'Active' },
    slow: {
      source: 'export const handler = () => new Promise((r) => setTimeout(r, 60_000))',
      tracing: 'Active',
      timeout: 1,
    },
    broken: { source: 'throw new Error("at INIT")', tracing: 'Active' },
  })
  await Promise.all(['f', 'slow', 'broken'].map((name) => lambda.invoke(name)))
  const all = await tracesOf(events, 3)
  const faultOf = (name: string) => {
    const event = all.find((each) => each.function === name) as TraceEvent
    return byName(event, 'Invocation')
  }
  expect(faultOf('f')).toMatchObject({ status: 'fault', error: 'TypeError: no' })
  expect(faultOf('slow')).toMatchObject({
    status: 'fault',
    error: expect.stringContaining('Task timed out after 1.00'),
  })
  expect(faultOf('broken')).toMatchObject({ status: 'fault', error: 'Error: at INIT' })
})

const interleaved: [name: string, traceId: string | undefined][] = [
  ['each in a trace of its own', undefined],
  ['all in one trace', `Root=${trace};Parent=${parent};Sampled=1`],
]
test.for(interleaved)('64 at once in environments of many: none has spans of another, %s', async ([, traceId]) => {
  const { lambda, events } = await running({ f: { source: traced, tracing: 'Active', environmentConcurrency: 16 } })
  const names = Array.from({ length: 64 }, (_, n) => `work ${n}`)
  const results = await Promise.all(
    names.map((name, n) => lambda.invoke('f', { name, wait: (n * 7) % 23 }, traceId === undefined ? {} : { traceId })),
  )
  const all = await tracesOf(events, 64)
  expect(all).toHaveLength(64)
  results.forEach(({ requestId }, n) => {
    const event = all.find((each) => each.requestId === requestId) as TraceEvent
    expect(ownOf(event).map(({ name }) => name)).toEqual([names[n], 'part'])
    expect(ownOf(event)[1]?.attributes).toEqual({ name: names[n] })
    expect(ownOf(event)[0]?.parent).toBe(byName(event, 'Invocation')?.id)
  })
  expect(new Set(all.map((event) => event.traceId)).size).toBe(traceId === undefined ? 64 : 1)
})

test('functions that invoke one another are in one trace, each with an event of its own', async () => {
  const outer = `${tracing}
    export const handler = async (event, { xRayTraceId }) => {
      const { Root, Parent } = traceOf(xRayTraceId)
      const call = span('Lambda', Parent, Root, { namespace: 'aws' })
      const url = process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/inner/invocations'
      const headers = { 'content-type': 'application/json', 'x-amzn-trace-id': 'Root=' + Root + ';Parent=' + call.id + ';Sampled=1' }
      await fetch(url, { method: 'POST', headers, body: '{}' })
      await tell(call)
    }`
  const { lambda, events } = await running({
    outer: { source: outer, tracing: 'Active' },
    inner: { source: traced, tracing: 'Active' },
  })
  await lambda.listen()
  await lambda.invoke('outer')
  const all = await tracesOf(events, 2)
  const [inner, out] = ['inner', 'outer'].map((name) => all.find((each) => each.function === name) as TraceEvent)
  expect(ownOf(inner as TraceEvent).map(({ name }) => name)).toEqual(['work', 'part'])
  expect(ownOf(out as TraceEvent).map(({ name }) => name)).toEqual(['Lambda'])
  expect(inner?.traceId).toBe(out?.traceId)
  expect(inner?.spans[0]?.parent).toBe(ownOf(out as TraceEvent)[0]?.id)
})

test('children that come before their parents, what is told complete, what comes late, and what is no datagram', async () => {
  const { lambda, events } = await running({
    f: {
      source: `${tracing}
        let late
        export const handler = async (event, { xRayTraceId }) => {
          if (late) return tell(late)
          const { Root, Parent } = traceOf(xRayTraceId)
          const outer = span('outer', Parent, Root, { error: true, cause: { exceptions: [{ id: id(), type: 'E', message: 'm' }] } })
          const child = span('child', outer.id, Root, { throttle: true, error: true, fault: true })
          const { end_time, ...open } = span('open', Parent, Root)
          await tell('no document', { ...open, in_progress: true }, child, { ...open, end_time }, outer)
          late = span('late', child.id, Root)
        }`,
      tracing: 'Active',
    },
  })
  const { requestId } = await lambda.invoke('f')
  // On a busy machine they come in more than one event.
  const own = () => tracesIn(events).flatMap((event) => (event.requestId === requestId ? ownOf(event) : []))
  const named = (name: string) => own().find((span) => span.name === name)
  await until(() => ['open', 'outer', 'child'].every(named))
  await lambda.invoke('f')
  await until(() => named('late'))
  expect(named('open')).toMatchObject({ end: expect.any(Number) })
  expect(named('outer')).toMatchObject({ status: 'error', error: 'E: m' })
  expect(named('child')).toMatchObject({ status: 'throttle', parent: named('outer')?.id })
  expect(named('late')).toMatchObject({ parent: named('child')?.id })
})

test('an event that is tried again stays in its trace', async () => {
  const { lambda, events } = await running({
    f: { source: 'export const handler = () => { throw 1 }', tracing: 'Active', async: { retries: 1, waits: [0] } },
  })
  const url = await lambda.listen()
  await fetch(`${url}/2015-03-31/functions/f/invocations`, {
    method: 'POST',
    headers: { 'x-amz-invocation-type': 'Event' },
  })
  const [first, second] = await tracesOf(events, 2)
  expect(second).toMatchObject({ requestId: first?.requestId, traceId: first?.traceId })
})

test('a daemon of one’s own is left alone', async () => {
  const source = 'export const handler = () => process.env.AWS_XRAY_DAEMON_ADDRESS'
  const environment = { AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000' }
  const { lambda } = await running({ f: { source, environment } })
  expect((await lambda.invoke('f')).payload).toBe('"127.0.0.1:2000"')
})

test('what is sampled at the end is told before all is closed', async () => {
  const { lambda, events } = await running({ f: { source: traced, tracing: 'Active' } })
  await lambda.invoke('f')
  await until(() => events.some(({ type }) => type === 'report'))
  await lambda.close()
  expect(tracesIn(events)).toHaveLength(1)
})

test('closed at once, nothing stays open', async () => {
  const { lambda } = await running({ f: { source: traced, tracing: 'Active' } })
  const invoked = lambda.invoke('f')
  await lambda.close()
  expect(JSON.parse((await invoked).payload)).toMatchObject({ errorType: 'Runtime.ExitError' })
  await until(() => !process.getActiveResourcesInfo().some((each) => /^(TCPServer|UDP)/.test(each)))
})

import { expect, test } from 'vitest'
import type { TraceEvent } from './events.ts'
import type { FunctionOptions } from './options.ts'
import { running, until } from './testing.ts'

/** What a function's code may use: to tell of spans as an exporter of OpenTelemetry does, in JSON. */
const exporting = `
  import { gzipSync } from 'node:zlib'
  const hex = (bytes) => Array.from({ length: bytes * 2 }, () => Math.floor(Math.random() * 16).toString(16)).join('')
  const tell = (spans, headers = { 'content-type': 'application/json' }, signal = 'traces') => {
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    return fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/' + signal,
      { method: 'POST', headers, body: headers['content-encoding'] ? gzipSync(body) : body })
  }
  const now = () => String(Date.now()) + '000000'
  const span = (name, traceId, parentSpanId, more) =>
    ({ traceId, spanId: hex(8), parentSpanId, name, startTimeUnixNano: now(), endTimeUnixNano: now(), ...more })
  const joined = ({ xRayTraceId }) => {
    const [, root, parent] = xRayTraceId.match(/Root=1-(.*);Parent=(\\w+)/)
    return [root.replace('-', ''), parent]
  }
`

async function exporter(body: string, options: Partial<FunctionOptions> = {}) {
  const source = `${exporting} export const handler = async (event, context) => { ${body} }`
  const { lambda, events } = await running({ f: { source, tracing: 'Active', ...options } })
  const tracesOf = async (count: number): Promise<TraceEvent[]> => {
    const all = () => events.flatMap((event) => (event.type === 'trace' ? [event] : []))
    await until(() => all().length >= count)
    return all()
  }
  return { lambda, tracesOf }
}

const ownOf = ({ spans }: TraceEvent) => spans.filter(({ by }) => by === 'function')

test('spans of OpenTelemetry are told with those of X-Ray, zipped too', async () => {
  const { lambda, tracesOf } = await exporter(`
    const [trace, parent] = joined(context)
    const server = span('server', trace, parent, { attributes: [
      { key: 'text', value: { stringValue: 'a' } }, { key: 'int', value: { intValue: '7' } },
      { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 1.5 }] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'b', value: { stringValue: 'c' } }] } } },
    ] })
    const exception = { name: 'exception', timeUnixNano: now(), attributes: [
      { key: 'exception.type', value: { stringValue: 'TypeError' } }, { key: 'exception.message', value: { stringValue: 'no' } } ] }
    const failed = span('failed', trace, server.spanId, { status: { code: 2, message: 'no' }, events: [exception] })
    const said = span('said', trace, server.spanId, { status: { code: 2, message: 'said' } })
    const answers = [await tell([failed, said]), await tell([server], { 'content-type': 'application/json', 'content-encoding': 'gzip' })]
    return answers.map(({ status }) => status)`)
  expect((await lambda.invoke('f')).payload).toBe('[200,200]')
  const [event] = (await tracesOf(1)) as [TraceEvent]
  const [server, failed, said] = ownOf(event)
  expect(server).toMatchObject({
    name: 'server',
    parent: event.spans.find(({ name }) => name === 'Invocation')?.id,
    status: 'ok',
    error: undefined,
    attributes: { text: 'a', int: 7, list: [true, 1.5], map: { b: 'c' } },
  })
  expect(failed).toMatchObject({ parent: server?.id, status: 'fault', error: 'TypeError: no' })
  expect(said).toMatchObject({ parent: server?.id, status: 'fault', error: 'said' })
  expect(Math.abs((server?.start ?? 0) - Date.now())).toBeLessThan(60_000)
})

test('a trace of the function’s own is that of the invocation that it is at', async () => {
  const { lambda, tracesOf } = await exporter("const own = hex(16); await tell([span('own', own)])")
  await lambda.invoke('f')
  const { requestId } = await lambda.invoke('f')
  const [, event] = (await tracesOf(2)) as [TraceEvent, TraceEvent]
  expect(event.requestId).toBe(requestId)
  expect(ownOf(event).map(({ name }) => name)).toEqual(['own'])
})

test('among many at once, where it says which', async () => {
  const { lambda, tracesOf } = await exporter(
    `const own = hex(16)
     const outer = span(event.name, own, undefined, { attributes: [{ key: 'faas.invocation_id', value: { stringValue: context.awsRequestId } }] })
     await tell([span('inner of ' + event.name, own, outer.spanId), span('of nobody', hex(16))])
     await tell([outer])`,
    { environmentConcurrency: 8 },
  )
  const names = Array.from({ length: 8 }, (_, n) => `work ${n}`)
  const results = await Promise.all(names.map((name) => lambda.invoke('f', { name })))
  const all = await tracesOf(8)
  results.forEach(({ requestId }, n) => {
    const event = all.find((each) => each.requestId === requestId) as TraceEvent
    expect(ownOf(event).map(({ name }) => name)).toEqual([names[n], `inner of ${names[n]}`])
  })
})

test('what is not taken: other paths, other types, what is broken. Other signals go nowhere', async () => {
  const { lambda } = await exporter(`
    const json = { 'content-type': 'application/json' }
    const url = process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces'
    const answers = [
      await tell([], json, 'metrics'), await tell([], json, 'logs'), await tell([], json, 'other'),
      await tell([], { 'content-type': 'text/plain' }), await tell([], { 'content-type': 'application/x-protobuf' }),
      await fetch(url, { method: 'POST', headers: json, body: '{' }),
      await fetch(url, { method: 'POST', headers: json, body: '[{"resourceSpans":3}]' }),
      await tell([{}, { spanId: 'a', traceId: 'b' }, 3]),
    ]
    return answers.map(({ status }) => status)`)
  expect(JSON.parse((await lambda.invoke('f')).payload)).toEqual([200, 200, 404, 415, 400, 400, 200, 200])
})

const variables = 'return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("OTEL_")))'

test.each([
  { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' } },
  { environment: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' } },
  { tracing: 'PassThrough', environment: { OTEL_SERVICE_NAME: 'f' } },
] as const)('what the function sends elsewhere, or does not trace, is left alone: %j', async (options) => {
  const { lambda } = await exporter(variables, options)
  expect(JSON.parse((await lambda.invoke('f')).payload)).toEqual(options.environment)
})

import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Collector, startCollector } from './index.ts'
import { exportRequest } from './otlp-rules.ts'
import { spoiled } from './testing.ts'

const span = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'GET /',
  startTimeUnixNano: '1544712660000000000',
  endTimeUnixNano: '1544712661000000000',
}

function request(...spans: object[]): object {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] }
}

function post(collector: Collector, body: string | Uint8Array<ArrayBuffer>, init: RequestInit = {}): Promise<Response> {
  return fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    ...init,
  })
}

async function faultsOf(body: unknown): Promise<readonly string[]> {
  await using collector = await startCollector()
  expect((await post(collector, JSON.stringify(body))).status).toBe(200)
  return collector.takeFaults()
}

describe('unsound', () => {
  const value = (value: unknown) => ({ ...span, attributes: [{ key: 'a', value }] })
  const unsound: [span: unknown, fault: string][] = [
    [{ ...span, traceId: '5b8e' }, 'traceId must be 32 hexadecimal digits, not all zeros, and is "5b8e"'],
    [
      { ...span, spanId: '0'.repeat(16) },
      'spanId must be 16 hexadecimal digits, not all zeros, and is "0000000000000000"',
    ],
    [{ ...span, parentSpanId: 'x' }, 'parentSpanId must be 16 hexadecimal digits, not all zeros, and is "x"'],
    [{ ...span, parentSpanId: span.spanId }, ' is its own parent'],
    [{ ...span, traceId: undefined }, 'traceId is missing'],
    [{ ...span, name: '' }, 'name has 0 characters, and must have at least 1'],
    [{ ...span, trace_id: 'a' }, 'trace_id is no known field'],
    [
      { ...span, startTimeUnixNano: '1544712660' },
      'startTimeUnixNano must be nanoseconds since the epoch, and is "1544712660"',
    ],
    [{ ...span, endTimeUnixNano: span.startTimeUnixNano.replace('6600', '6599') }, ' ends before it starts'],
    [{ ...span, endTimeUnixNano: undefined }, 'endTimeUnixNano is missing'],
    [{ ...span, kind: 6 }, 'kind must be at most 5, and is 6'],
    [{ ...span, kind: 'SPAN_KIND_SERVER' }, 'kind must be an integer, and is "SPAN_KIND_SERVER"'],
    [{ ...span, flags: 0x400 }, 'flags must be at most 1023, and is 1024'],
    [{ ...span, traceState: 'No State' }, 'traceState must be a tracestate, and is "No State"'],
    [{ ...span, status: { code: 3 } }, 'status.code must be at most 2, and is 3'],
    [{ ...span, status: { code: 1, message: 'fine' } }, 'status has a message, and only an error may'],
    [{ ...span, events: [{ name: 'e' }] }, 'events[0].timeUnixNano is missing'],
    [{ ...span, links: [{ traceId: span.traceId }] }, 'links[0].spanId is missing'],
    [{ ...span, attributes: { a: 1 } }, 'attributes must be an array, and is {"a":1}'],
    [{ ...span, attributes: [{ key: '', value: {} }] }, 'attributes[0].key has 0 characters, and must have at least 1'],
    [{ ...span, attributes: [{ key: 'a' }, { key: 'a' }] }, 'attributes has "a" twice'],
    [value('text'), 'attributes[0].value must be an object, and is "text"'],
    [value({ stringValue: 1 }), 'attributes[0].value.stringValue must be a string, and is 1'],
    [
      value({ intValue: '1.5' }),
      'attributes[0].value.intValue must be an integer of 64 bits in a string, and is "1.5"',
    ],
    [
      value({ intValue: 2 ** 60 }),
      'attributes[0].value.intValue must be an integer of 64 bits in a string, and is 1152921504606847000',
    ],
    [value({ doubleValue: null }), 'attributes[0].value.doubleValue must be a number, and is null'],
    [value({ boolValue: true, intValue: '1' }), 'attributes[0].value must be of one kind, and has boolValue, intValue'],
    [
      value({ arrayValue: { values: [{ boolValue: 1 }] } }),
      'attributes[0].value.arrayValue.values[0].boolValue must be true or false, and is 1',
    ],
    [value({ kvlistValue: { values: [{}] } }), 'attributes[0].value.kvlistValue.values[0].key is missing'],
    [value({ bytesValue: '~' }), 'attributes[0].value.bytesValue must be base64, and is "~"'],
  ]
  test.for(unsound)('%#: $1', async ([span, fault]) => {
    const where = 'resourceSpans[0].scopeSpans[0].spans[0]'
    expect(await faultsOf(request(span as object))).toEqual([
      fault.startsWith(' ') ? where + fault : `${where}.${fault}`,
    ])
  })

  const attributes = [
    { key: 'text', value: { stringValue: 'a' } },
    { key: 'yes', value: { boolValue: true } },
    { key: 'int', value: { intValue: '1' } },
    { key: 'double', value: { doubleValue: 1.5 } },
    { key: 'list', value: { arrayValue: { values: [{ boolValue: true }] } } },
    { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: {} }] } } },
    { key: 'bytes', value: { bytesValue: 'aGk=' } },
  ]
  const described = { attributes, droppedAttributesCount: 0 }
  const full = {
    ...span,
    ...described,
    parentSpanId: 'a'.repeat(16),
    traceState: 'a=b',
    flags: 0x101,
    kind: 2,
    events: [{ timeUnixNano: span.startTimeUnixNano, name: 'e', ...described }],
    droppedEventsCount: 0,
    links: [{ traceId: span.traceId, spanId: span.spanId, traceState: '', flags: 1, ...described }],
    droppedLinksCount: 0,
    status: { code: 2, message: 'no' },
  }
  const entityRefs = [{ schemaUrl: '', type: 'service', idKeys: ['a'], descriptionKeys: ['b'] }]
  const scope = { name: 'n', version: '1', ...described }
  const whole = {
    resourceSpans: [
      { resource: { ...described, entityRefs }, schemaUrl: '', scopeSpans: [{ scope, schemaUrl: '', spans: [full] }] },
    ],
  }
  const checked = (request: unknown): readonly string[] => {
    const faults: string[] = []
    exportRequest(request, '', (fault) => faults.push(fault))
    return faults
  }

  test('all that a request may say is sound, and nothing of it of another type', () => {
    expect(checked(whole)).toEqual([])
    for (const { path, document } of spoiled(whole))
      expect(checked(document), path).toContainEqual(expect.stringContaining(path))
  })

  test('a span that is sent twice, though it is taken twice', async () => {
    await using collector = await startCollector()
    await post(collector, JSON.stringify(request(span)))
    await post(collector, JSON.stringify(request({ ...span, name: 'other' })))
    expect(collector.takeFaults()).toEqual(['other: its id eee19b7ec3c1b174 was sent before, by GET /'])
  })

  test('what is no request of OTLP', async () => {
    expect(await faultsOf([])).toEqual([' must be an object, and is []'])
    expect(await faultsOf({ resource_spans: [] })).toEqual(['resource_spans is no known field'])
  })
})

test('all kinds of values', async () => {
  await using collector = await startCollector()
  const values = {
    text: { stringValue: 'a' },
    int: { intValue: '-7' },
    number: { intValue: 7 },
    nan: { doubleValue: 'NaN' },
    list: { arrayValue: { values: [{ boolValue: false }, { doubleValue: 1.5 }] } },
    map: { kvlistValue: { values: [{ key: 'deep', value: { stringValue: 'b' } }] } },
    bytes: { bytesValue: 'aGk=' },
    empty: {},
  }
  const attributes = Object.entries(values).map(([key, value]) => ({ key, value }))
  await post(collector, JSON.stringify(request({ ...span, traceState: 'a=1,b@c=2', attributes })))
  expect(collector.spans[0]?.attributes).toEqual({
    text: 'a',
    int: -7,
    number: 7,
    nan: Number.NaN,
    list: [false, 1.5],
    map: { deep: 'b' },
    bytes: Buffer.from('hi'),
    empty: undefined,
  })
})

describe('refused', () => {
  const protobuf = { headers: { 'content-type': 'application/x-protobuf' } }
  const gzip = { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }
  const bodies: [
    name: string,
    body: string | Uint8Array<ArrayBuffer>,
    init: RequestInit,
    status: number,
    fault: RegExp,
  ][] = [
    ['JSON that is none', '{', {}, 400, /^the body cannot be read: /],
    ['what is not zipped', '{}', gzip, 400, /incorrect header check/],
    [
      'another encoding',
      '{}',
      { headers: { ...gzip.headers, 'content-encoding': 'br' } },
      415,
      /^br is no content encoding/,
    ],
    ['another type', '{}', { headers: { 'content-type': 'text/plain' } }, 415, /^text\/plain is no content type/],
    ['another method', '{}', { method: 'PUT' }, 405, /^PUT is no method/],
    ['an unknown field', Uint8Array.of(0x12, 0x00), protobuf, 400, /the request has no field 2$/],
    [
      'a wire type',
      Uint8Array.of(0x08, 0x00),
      protobuf,
      400,
      /the request.resourceSpans has wire type 0, and must have 2/,
    ],
    ['a value cut short', Uint8Array.of(0x0a, 0x05, 0x0a), protobuf, 400, /the message ends within a value, at byte 2/],
    ['an endless varint', new Uint8Array(12).fill(0xff), protobuf, 400, /a varint of more than 10 bytes/],
  ]
  test.for(bodies)('%s', async ([, body, init, status, fault]) => {
    await using collector = await startCollector()
    expect((await post(collector, body, init)).status).toBe(status)
    expect(collector.takeFaults()).toEqual([expect.stringMatching(fault)])
  })

  test('another path', async () => {
    await using collector = await startCollector()
    expect((await fetch(collector.url, { method: 'POST', body: '{}' })).status).toBe(404)
    expect(collector.takeFaults()).toEqual(["/ is no path of OTLP's traces: /v1/traces is"])
  })

  test('faults are told when it is closed', async () => {
    const collector = await startCollector()
    await post(collector, '{')
    await expect(collector.close()).rejects.toThrow('Unsound:\n  the body cannot be read')
  })
})

describe('misbehaving', () => {
  const body = JSON.stringify(request(span))

  test('it refuses, resets, hangs, goes away, and heals', async () => {
    await using collector = await startCollector()
    collector.refuse(429, { 'retry-after': '1' })
    const refused = await post(collector, body)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    collector.reset()
    await expect(post(collector, body)).rejects.toThrow('fetch failed')
    collector.hang()
    const given = new AbortController()
    const hung = post(collector, body, { signal: given.signal })
    await collector.untilAsked(3)
    given.abort()
    await expect(hung).rejects.toThrow('aborted')
    const { url } = collector
    await collector.down()
    await expect(post(collector, body)).rejects.toThrow('fetch failed')
    await collector.up()
    expect(collector.url).toBe(url)
    expect(collector.spans).toEqual([])

    collector.heal()
    expect((await post(collector, body)).status).toBe(200)
    expect(collector.spansOf(span.traceId)).toMatchObject([{ name: 'GET /' }])
    collector.clear()
    expect([collector.spans, collector.requests]).toEqual([[], []])
  })

  test('it is slow, and takes all the same', async () => {
    await using collector = await startCollector()
    collector.slow(100)
    const order: string[] = []
    const late = post(collector, body).then(() => order.push('late'))
    await collector.untilAsked(1)
    collector.heal()
    await Promise.all([late, post(collector, body.replace(span.spanId, 'a'.repeat(16))).then(() => order.push('soon'))])
    expect(order).toEqual(['soon', 'late'])
    expect(collector.spans).toHaveLength(2)
  })

  test('what does not come is waited for no longer than is said', async () => {
    await using collector = await startCollector()
    await post(collector, new Uint8Array(gzipSync(body)), {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    })
    await expect(collector.until((spans) => spans.length === 2, 10)).rejects.toThrow('"name":"GET /"')
    await expect(collector.untilAsked(2, 10)).rejects.toThrow('There is: 1 requests')
  })
})

import { describe, expect, test } from 'vitest'
import { ingest } from './index.ts'
import { maxEvent } from './log-events.ts'
import { spoiled } from './testing.ts'

const now = Date.UTC(2026, 10, 24)
const metric = { Name: 'placed', Unit: 'Count' }
const directive = { Namespace: 'shop', Dimensions: [['service']], Metrics: [metric] }

/** A document with other parts. */
function emf(members: object = {}, changed: object = {}, aws: object = {}): string {
  const _aws = { Timestamp: now, CloudWatchMetrics: [{ ...directive, ...changed }], ...aws }
  return JSON.stringify({ _aws, service: 'orders', placed: 1, ...members })
}

test('lines are events, and those of JSON are read', async () => {
  const logs = await ingest('plain\n{"a":1}\n\n  {"b":2}\n{"c":3}')
  expect(logs.events).toEqual([
    { message: 'plain', line: 1, whole: true },
    { message: '{"a":1}', line: 2, whole: true },
    { message: '  {"b":2}', line: 4, whole: true },
    { message: '{"c":3}', line: 5, whole: true },
  ])
  expect(logs.json).toEqual([{ a: 1 }, { c: 3 }])
  expect(logs.faults).toEqual([])
})

test('output comes in pieces, cut anywhere', async () => {
  const bytes = Buffer.from('{"a":"naïve ☃"}\n')
  async function* pieces() {
    for (const byte of bytes) yield Uint8Array.of(byte)
  }
  expect((await ingest(pieces())).json).toEqual([{ a: 'naïve ☃' }])
})

test('lines that met in one another are faults', async () => {
  const logs = await ingest('{"a":1{"b":2}\n{"a":\n')
  expect(logs.json).toEqual([])
  expect(logs.faults).toEqual([
    expect.stringMatching(/^line 1 begins as JSON, and is none: /),
    expect.stringMatching(/^line 2 begins as JSON, and is none: /),
  ])
  expect((await ingest(Uint8Array.of(0x7b, 0xff, 0x0a))).takeFaults()).toContain('line 1 is not UTF-8')
})

test('a line of 1 MB is whole, and a longer one is cut between characters', async () => {
  const line = `{"a":"${'a'.repeat(maxEvent - 8)}"}`
  const whole = await ingest(line)
  expect(whole.json).toHaveLength(1)
  whole.expectSound()

  const longer = await ingest(`{"a":"${'☃'.repeat(maxEvent / 2)}"}\nafter`)
  expect(longer.events.map(({ line, whole }) => ({ line, whole }))).toEqual([
    { line: 1, whole: false },
    { line: 1, whole: false },
    { line: 2, whole: true },
  ])
  for (const { message } of longer.events) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxEvent)
  expect(longer.json).toEqual([])
  expect(() => longer.expectSound()).toThrow('line 1 has 1572872 bytes, and was cut into 2 events')
})

describe('metrics', () => {
  test('are stored for each set of dimensions', async () => {
    const dimensions = [['service'], ['service', 'tenant'], []]
    const latency = { Name: 'latency', StorageResolution: 1 }
    const logs = await ingest(
      emf({ tenant: 'a', latency: [1, 2.5] }, { Dimensions: dimensions, Metrics: [metric, latency] }),
      { now },
    )
    logs.expectSound()
    const placed = { namespace: 'shop', name: 'placed', unit: 'Count', resolution: 60, values: [1], timestamp: now }
    const other = { ...placed, name: 'latency', unit: 'None', resolution: 1, values: [1, 2.5] }
    expect(logs.metrics).toEqual(
      [{ service: 'orders' }, { service: 'orders', tenant: 'a' }, {}].flatMap((dimensions) => [
        { ...placed, dimensions },
        { ...other, dimensions },
      ]),
    )
  })

  test('are read behind what the runtime writes before them', async () => {
    const logs = await ingest(`2026-11-24T10:00:00.000Z\t8f507cfc-xmpl-4697\tINFO\t${emf()}`, { now })
    expect(logs.metrics).toHaveLength(1)
    logs.expectSound()
  })

  const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`)
  const all = (count: number, value: unknown) => Object.fromEntries(many(count).map((name) => [name, value]))

  test('of every unit, and as many as may be', async () => {
    const Metrics = many(100).map((Name) => ({ Name, Unit: 'Gigabits/Second' }))
    const Dimensions = [many(30).map((name) => `d${name}`)]
    const values = Object.fromEntries(Dimensions.flat().map((name) => [name, 'x'.repeat(1024)]))
    const logs = await ingest(emf({ ...all(100, Array(100).fill(1)), ...values }, { Metrics, Dimensions }), { now })
    logs.expectSound()
    expect(logs.metrics).toHaveLength(100)
  })

  const where = '_aws.CloudWatchMetrics[0]'
  const unsound: [line: string, fault: string | RegExp][] = [
    [emf({}, {}, { Timestamp: undefined }), '_aws.Timestamp is missing'],
    [emf({}, {}, { Timestamp: now / 1000 }), /^_aws.Timestamp must be at least /],
    [emf({}, {}, { Timestamp: now + 3 * 60 * 60 * 1000 }), /^_aws.Timestamp must be at most /],
    [emf({}, {}, { Timestamp: '1' }), '_aws.Timestamp must be an integer, and is "1"'],
    [emf({}, {}, { CloudWatchMetrics: undefined }), '_aws.CloudWatchMetrics is missing'],
    [emf({}, {}, { CloudWatchMetrics: {} }), '_aws.CloudWatchMetrics must be an array, and is {}'],
    [emf({}, {}, { Extra: 1 }), '_aws.Extra is no known field'],
    [JSON.stringify({ _aws: 1 }), '_aws must be an object, and is 1'],
    [emf({}, { Namespace: '' }), `${where}.Namespace has 0 characters, and must have at least 1`],
    [emf({}, { Namespace: 'a'.repeat(1025) }), `${where}.Namespace has 1025 characters, and may have 1024`],
    [emf({}, { Namespace: undefined }), `${where}.Namespace is missing`],
    [emf({}, { Namespace: 'šop' }), /Namespace must be of printable ASCII/],
    [emf({}, { Dimensions: undefined }), `${where}.Dimensions is missing`],
    [emf({}, { Dimensions: [] }), `${where}.Dimensions has 0 elements, and must have at least 1`],
    [emf({}, { Dimensions: ['service'] }), `${where}.Dimensions[0] must be an array, and is "service"`],
    [emf(all(31, 'x'), { Dimensions: [many(31)] }), `${where}.Dimensions[0] has 31 elements, and may have 30`],
    [emf({}, { Dimensions: [['tenant']] }), 'the dimension tenant has no value'],
    [emf({ service: 1 }), 'the dimension service must be a string, and is 1'],
    [emf({ service: '' }), 'the dimension service has 0 characters, and must have at least 1'],
    [emf({ service: ' ' }), /^the dimension service must be of printable ASCII/],
    [emf({ service: 'x'.repeat(1025) }), 'the dimension service has 1025 characters, and may have 1024'],
    [emf({}, { Metrics: undefined }), `${where}.Metrics is missing`],
    [emf({}, { Metrics: [{ Unit: 'Count' }] }), `${where}.Metrics[0].Name is missing`],
    [emf({ '': 1 }, { Metrics: [{ Name: '' }] }), /Metrics\[0\].Name has 0 characters/],
    [
      emf({ ['n'.repeat(1025)]: 1 }, { Metrics: [{ Name: 'n'.repeat(1025) }] }),
      /Name has 1025 characters, and may have 1024/,
    ],
    [emf({ naïve: 1 }, { Metrics: [{ Name: 'naïve' }] }), /Name must be of printable ASCII/],
    [emf({ naïve: 'x' }, { Dimensions: [['naïve']] }), /Dimensions\[0\]\[0\] must be of printable ASCII/],
    [emf({ ['d'.repeat(251)]: 'x' }, { Dimensions: [['d'.repeat(251)]] }), /has 251 characters, and may have 250/],
    [emf({}, { Metrics: [{ ...metric, Unit: 'Orders' }] }), /Metrics\[0\].Unit must be "Seconds" or .*and is "Orders"/],
    [emf({}, { Metrics: [{ ...metric, StorageResolution: 10 }] }), /StorageResolution must be 1 or 60, and is 10/],
    [emf({}, { Metrics: [{ ...metric, Value: 1 }] }), `${where}.Metrics[0].Value is no known field`],
    [emf({}, { Metrics: [metric, metric] }), 'the metric placed is defined twice in "shop"'],
    [
      emf(all(101, 1), { Metrics: many(101).map((Name) => ({ Name })) }),
      `${where}.Metrics has 101 elements, and may have 100`,
    ],
    [emf({ placed: undefined }), 'the metric placed has no value'],
    [emf({ placed: '1' }), 'the metric placed must be a number, and is "1"'],
    [emf({ placed: null }), 'the metric placed must be a number, and is null'],
    [emf({ placed: 2 ** 361 }), /^the metric placed must be at most /],
    [emf({ placed: [] }), 'the metric placed has 0 elements, and must have at least 1'],
    [emf({ placed: Array(101).fill(1) }), 'the metric placed has 101 elements, and may have 100'],
    [emf({ placed: [1, 'x'] }), 'the metric placed[1] must be a number, and is "x"'],
  ]
  test.for(unsound)('unsound %#: $1', async ([line, fault]) => {
    const logs = await ingest(`plain\n${line}\n`, { now })
    const said = logs.faults.map((each) => each.replace(/^line 2: /, ''))
    expect(said).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)])
    expect(logs.metrics).toEqual([])
  })

  test('nothing is of another type', async () => {
    const document = JSON.parse(emf({}, { Metrics: [{ ...metric, StorageResolution: 1 }] }))
    for (const { path, document: wrong } of spoiled(document)) {
      const { faults } = await ingest(JSON.stringify(wrong), { now })
      expect(faults, path).not.toEqual([])
      if (path.startsWith('_aws')) expect(faults).toContainEqual(expect.stringContaining(path))
    }
  })

  test('a value that JSON does not know leaves no line of JSON', async () => {
    const logs = await ingest(emf().replace('"placed":1', '"placed":NaN'), { now })
    expect(logs.faults).toEqual([expect.stringMatching(/^line 1 begins as JSON, and is none/)])
  })
})

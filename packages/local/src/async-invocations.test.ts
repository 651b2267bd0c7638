import { expect, test } from 'vitest'
import { until } from './testing.ts'
import { invocable } from './testing-aws.ts'

async function served(...args: Parameters<typeof invocable>) {
  const run = await invocable(...args)
  const queue = async (name: string, Payload = '{}') => {
    const answer = await run.invoke(name, { InvocationType: 'Event', Payload })
    expect([answer.StatusCode, answer.Payload ?? '', answer.ExecutedVersion]).toEqual([202, '', undefined])
    return answer.$metadata.requestId!
  }
  return { ...run, queue }
}

const waits = [0.05, 0.1]
/** Fails as often as the event says; what it knows of before is in a file of its task root. */
const failing = `import { appendFileSync, readFileSync } from 'node:fs'
  export const handler = async ({ failures, how = 'throw' }, { awsRequestId }) => {
    appendFileSync('attempts', awsRequestId + '\\n')
    const attempt = readFileSync('attempts', 'utf8').split('\\n').filter((id) => id === awsRequestId).length
    console.log('attempt', attempt)
    if (attempt > failures) return 'done'
    if (how === 'exit') process.exit(1)
    throw new Error('attempt ' + attempt)
  }`

test('answered at once, before the function is done', async () => {
  const { queue, all } = await served({ f: 'export const handler = () => new Promise(r => setTimeout(r, 300, 1))' })
  const id = await queue('f')
  expect(all('report')).toEqual([])
  await until(() => all('report').length === 1)
  expect(all('report')[0]).toMatchObject({ requestId: id, status: 'success' })
  expect(all('retry')).toEqual([])
})

test.each(['throw', 'exit'])(
  'a function that fails (%s) is invoked again, twice, with the same request id',
  async (how) => {
    const { queue, all, logs, events } = await served({ f: { source: failing, async: { waits } } })
    const id = await queue('f', JSON.stringify({ failures: 2, how }))
    await until(() => all('report').length === 3)
    expect(all('report').map(({ requestId, status }) => [requestId, status])).toEqual([
      [id, 'error'],
      [id, 'error'],
      [id, 'success'],
    ])
    expect(all('retry').map(({ requestId, attempts, wait }) => [requestId, attempts, wait])).toEqual([
      [id, 1, 50],
      [id, 2, 100],
    ])
    expect(logs().filter((line) => line.includes('INFO'))).toEqual([
      expect.stringContaining('attempt 1'),
      expect.stringContaining('attempt 2'),
      expect.stringContaining('attempt 3'),
    ])
    expect(all('dropped')).toEqual([])
    const told = events.map(({ type }) => type).filter((type) => type === 'report' || type === 'retry')
    expect(told).toEqual(['report', 'retry', 'report', 'retry', 'report'])
  },
)

test('after the last retry it is dropped; without retries at once', async () => {
  const { queue, all } = await served({
    f: { source: failing, async: { waits } },
    never: { source: failing, async: { retries: 0 } },
  })
  const [f, never] = [await queue('f', '{"failures":9}'), await queue('never', '{"failures":9}')]
  await until(() => all('dropped').length === 2)
  expect(all('dropped').map(({ requestId, attempts, reason }) => [requestId, attempts, reason])).toEqual(
    expect.arrayContaining([
      [never, 1, 'RetriesExhausted'],
      [f, 3, 'RetriesExhausted'],
    ]),
  )
  expect(all('start').filter(({ requestId }) => requestId === f)).toHaveLength(3)
})

test('what would be too old by its next attempt is dropped', async () => {
  const { queue, all } = await served({ f: { source: failing, async: { maxAge: 1, waits: [30] } } })
  const id = await queue('f', '{"failures":9}')
  await until(() => all('dropped').length === 1)
  expect(all('dropped')[0]).toMatchObject({ requestId: id, attempts: 1, reason: 'EventAgeExceeded' })
})

test('by default it waits as Lambda does: a minute', async () => {
  const { queue, all, lambda } = await served({ f: failing })
  await queue('f', '{"failures":9}')
  await until(() => all('retry').length === 1)
  expect(all('retry')[0]).toMatchObject({ attempts: 1, wait: 60_000 })
  await lambda.close()
})

test('a throttled event waits for room, and counts as no attempt', async () => {
  const { queue, all } = await served({
    f: {
      source: "export const handler = () => new Promise(r => setTimeout(r, 100, 'done'))",
      reservedConcurrency: 1,
      async: { retries: 0 },
    },
  })
  const ids = [await queue('f'), await queue('f')]
  await until(() => all('report').length === 2)
  expect(all('report').map(({ requestId, status }) => [requestId, status])).toEqual(ids.map((id) => [id, 'success']))
  expect(all('throttle')).toHaveLength(1)
  expect(all('retry')).toMatchObject([{ requestId: ids[1], attempts: 0, wait: 1000 }])
})

test('an event of a function that may never run is dropped at once', async () => {
  const { queue, all } = await served({ f: { source: failing, reservedConcurrency: 0 } })
  const id = await queue('f')
  expect(all('dropped')).toMatchObject([{ requestId: id, attempts: 0, reason: 'ZeroReservedConcurrency' }])
  expect([...all('retry'), ...all('throttle'), ...all('start')]).toEqual([])
})

test('what waits for a retry does not hold up close()', async () => {
  const { queue, all, lambda } = await served({ f: { source: failing, async: { waits: [0.2] } } })
  await queue('f', '{"failures":9}')
  await until(() => all('retry').length === 1)
  await lambda.close()
  const starts = all('start').length
  await new Promise((later) => setTimeout(later, 400))
  expect(all('start')).toHaveLength(starts)
})

test('a retry runs the code that serves by then', async () => {
  const { queue, all, logs, lambda } = await served({
    f: {
      source: `export const handler = async () => { throw new Error('old') }
        export const mended = async () => { console.log('mended') }`,
      async: { waits: [1] },
    },
  })
  const id = await queue('f')
  await until(() => all('retry').length === 1)
  await lambda.update('f', { handler: 'index.mended' })
  await until(() => all('report').length === 2)
  expect(all('report').map(({ requestId, status }) => [requestId, status])).toEqual([
    [id, 'error'],
    [id, 'success'],
  ])
  expect(logs().at(-1)).toMatch(new RegExp(`${id}\\tINFO\\tmended$`))
})

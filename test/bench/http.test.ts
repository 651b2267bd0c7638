import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle, cellEntry } from './harness/bundle.ts'
import { run } from './harness/child.ts'
import { discover } from './harness/discover.ts'
import { orderQuestions } from './process/questions.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
interface Told {
  readonly name: string
  readonly answer: Answer
  readonly lines: readonly string[]
}
interface Asked {
  readonly told: readonly Told[]
  readonly modules: readonly string[]
}

/** All others are a 400. */
const statuses = new Map([
  ['success', 201],
  ['success again', 201],
  ['base64', 201],
  ['harmless constructor', 201],
  ['too large', 413],
  ['too large in bytes', 413],
  ['too large in base64', 413],
  ['unexpected error', 500],
  ['deadline', 504],
])

const peers = (await discover()).filter(({ module }) => module.http)
let out: string
let byHand: Asked
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fnware-http-'))
  const entries = peers.map(({ name, file }) => ({ name, code: cellEntry(file, 'http') }))
  const answers = { name: 'answers', code: `import ${JSON.stringify(join(import.meta.dirname, 'process/answers.ts'))}` }
  await bundle([answers, ...entries], out)
  byHand = await ask('hand')
})
afterAll(() => rm(out, { recursive: true, force: true }))

const ask = async (peer: string, names: readonly string[] = []): Promise<Asked> =>
  JSON.parse(await run({ args: [join(out, 'answers.mjs'), join(out, `${peer}.mjs`), ...names] })) as Asked

/** What must be equal. How a parser words its own faults may differ, and so may what a clock said; only fnware tells of memory. */
const essence = ({ name, answer, lines }: Told) => {
  const exact = name === 'refused by the schema'
  const body = JSON.parse(answer.body, (key, value) => (key === 'detail' && !exact ? 'in words' : value)) as unknown
  return {
    name,
    status: answer.statusCode,
    type: answer.headers['content-type'],
    body,
    lines: lines.map((line) => {
      const { timestamp, duration_ms, remaining_ms, max_memory_mb, error, ...keys } = JSON.parse(line) as Record<
        string,
        unknown
      >
      expect([typeof timestamp, error ? 'number' : typeof duration_ms, error ? 'number' : typeof remaining_ms]).toEqual(
        ['string', 'number', 'number'],
      )
      const told = error as { message: string } | undefined
      return {
        ...keys,
        ...(told && { error: name === 'deadline' ? 'in words' : told.message }),
        ...('error_name' in keys && { error_name: typeof keys.error_name }),
        ...('error_message' in keys && !exact && { error_message: typeof keys.error_message }),
      }
    }),
  }
}

test('the stack by hand answers and logs as stack/order.ts says', () => {
  expect(byHand.told.map(({ name, answer }) => [name, answer.statusCode])).toEqual(
    orderQuestions.map(({ name }) => [name, statuses.get(name) ?? 400]),
  )
  const [success] = byHand.told
  expect(JSON.parse(success!.answer.body)).toEqual({ id: '12-3', total: 128.9 })
  expect(success!.lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'INFO', message: 'POST /orders 201', cold_start: true, outcome: 'success' }),
  ])
  const refused = byHand.told.find(({ name }) => name === 'refused by the schema')!
  expect(JSON.parse(refused.answer.body)).toMatchObject({
    title: 'Bad Request',
    errors: [{ pointer: '#/customer/name' }, { pointer: '#/customer/email' }, { pointer: '#/lines/1/quantity' }],
  })
})

describe.each(peers)('$name', ({ name, module }) => {
  test('answers and logs as the stack by hand does', async () => {
    const asked = orderQuestions
      .map(({ name }) => name)
      .filter((name) => !(name === 'deadline' && module.peer.cannot?.deadline))
    const { told } = await ask(name, asked)
    expect(told.map(essence)).toEqual(byHand.told.filter(({ name }) => asked.includes(name)).map(essence))
  })
})

test('nothing on the way of fnware or of the stack by hand loads undici or an HTTP server', async () => {
  const http = ({ modules }: Asked) => modules.filter((name) => /undici|_http_|NativeModule http/.test(name))
  expect(http(await ask('fnware'))).toEqual([])
  expect(http(byHand)).toEqual([])
  // Hono's stack does: so this test would see it.
  expect(http(await ask('hono', ['success'])).join()).toContain('undici')
})

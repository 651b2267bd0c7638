import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import * as z from 'zod'
import { type BatchSpec, batch } from '../extend.ts'
import { BatchError, lambda, PermanentError } from '../index.ts'

interface Job {
  readonly id: string
  readonly does?: 'fail' | 'refuse' | 'hang'
}
type Answer = readonly string[]
const queue = (spec: Partial<BatchSpec<readonly Job[], Job, Answer, { job: Job }>> = {}) =>
  batch<readonly Job[], Job, Answer, { job: Job }>({
    name: 'queue',
    records: (event) => event,
    id: ({ id }) => id,
    open: (job) => ({ job }),
    payload: ({ job }) => job,
    answer: ({ undone }) => undone.map(({ id }) => id),
    ...spec,
  })
const run = async ({ job }: { readonly job: Job }) => {
  await sleep(1)
  if (job.does === 'fail') throw new Error(`no ${job.id}`)
  if (job.does === 'refuse') throw new PermanentError(`never ${job.id}`)
  if (job.does === 'hang') await new Promise(() => {})
}
/** `a b! c!!`: b fails, c fails for good. */
const jobs = (text: string): Job[] =>
  text.split(' ').map((word) => ({
    id: word.replaceAll(/[!?]/g, ''),
    ...(word.endsWith('!!')
      ? { does: 'refuse' }
      : word.endsWith('!')
        ? { does: 'fail' }
        : word.endsWith('?') && { does: 'hang' }),
  })) as Job[]

let error: MockInstance
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())
const lines = () =>
  error.mock.calls.map(([line]) =>
    String(line)
      .split('\n')[0]
      ?.replace(/^[^:]*: /, ''),
  )

describe('a batch of which nothing went well', () => {
  test('throws, so that Lambda brings it again whatever its mapping says', async () => {
    const handler = lambda(queue()).each(run)
    const thrown = await handler(jobs('a! b!'), fakeContext()).catch((error) => error)
    expect(thrown).toBeInstanceOf(BatchError)
    expect(thrown.message).toBe('all 2 records failed: no a')
    expect(thrown.errors.map(({ message }: Error) => message)).toEqual(['no a', 'no b'])
    expect(JSON.stringify(thrown)).not.toContain('errors')
    await expect(handler(jobs('a!'), fakeContext())).rejects.toThrow('the record a failed: no a')
  })
  test('throws what the deadline says where nothing had ended by then', async () => {
    const handler = lambda(queue(), { deadline: 50, grace: 20 }).each(run)
    await expect(handler(jobs('a? b'), fakeContext({ timeout: 150 }))).rejects.toThrow('not done')
  })
  test('answers where the service is told of each record', async () => {
    const answers = queue({
      tellsEach: true,
      answer: (records) =>
        records.all.map((_, at) => `${records.state(at)} ${records.value(at) ?? records.error(at)?.message}`),
    })
    const handler = lambda(answers).each(({ job }) => (job.does ? run({ job }) : `made ${job.id}`))
    expect(await handler(jobs('a! b'), fakeContext())).toEqual(['failed no a', 'done made b'])
    expect(await handler(jobs('a!'), fakeContext())).toEqual(['failed no a'])
  })
  test('with no record is a success', async () => {
    expect(await lambda(queue()).each(run)([], fakeContext())).toEqual([])
  })
})

describe('groups', () => {
  const grouped = (ordered = false) => queue({ group: ({ id }) => id[0] as string, ordered })
  /** What has begun and ended, in order. */
  const watched = (seen: string[]) => async (ctx: { readonly job: Job }) => {
    seen.push(ctx.job.id)
    await run(ctx)
    seen.push(`/${ctx.job.id}`)
  }

  test('run one record at a time, in order, beside each other', async () => {
    const seen: string[] = []
    const handler = lambda(grouped()).each(watched(seen), { concurrency: 3 })
    expect(await handler(jobs('a1 b1 a2 b2 a3 c1'), fakeContext())).toEqual([])
    expect(seen.slice(0, 3).sort()).toEqual(['a1', 'b1', 'c1'])
    for (const group of ['a', 'b', 'c']) {
      const own = seen.filter((step) => step.includes(group))
      expect(own).toEqual(own.filter((step) => step[0] !== '/').flatMap((id) => [id, `/${id}`]))
      expect(own.filter((step) => step[0] !== '/')).toEqual([...own.filter((step) => step[0] !== '/')].sort())
    }
  })
  test('never have more under way than is allowed', async () => {
    let running = 0
    let most = 0
    const handler = lambda(grouped()).each(
      async () => {
        most = Math.max(most, ++running)
        await sleep(2)
        running--
      },
      { concurrency: 2 },
    )
    await handler(jobs('a1 b1 c1 d1 a2 b2'), fakeContext())
    expect(most).toBe(2)
  })
  test('after a failure the rest of a group is handed back unrun, and others go on', async () => {
    const seen: string[] = []
    const handler = lambda(grouped()).each(watched(seen))
    expect(await handler(jobs('a1 a2! b1 a3 b2 a4'), fakeContext())).toEqual(['a2', 'a3', 'a4'])
    expect(seen).toEqual(['a1', '/a1', 'a2', 'b1', '/b1', 'b2', '/b2'])
    expect(lines()).toEqual(['the record a2 failed'])
  })
  test('of a stream: nothing that comes after a failure is begun', async () => {
    const seen: string[] = []
    const handler = lambda(grouped(true)).each(watched(seen))
    expect(await handler(jobs('a1 b1 a2! b2 c1 a3'), fakeContext())).toEqual(['a2', 'b2', 'c1', 'a3'])
    expect(seen).toEqual(['a1', '/a1', 'a2', 'b1', '/b1'])
  })
  test('of a stream without groups: all in order, up to the first failure', async () => {
    const seen: string[] = []
    const handler = lambda(queue({ ordered: true })).each(watched(seen), { concurrency: 4 })
    expect(await handler(jobs('a b c! d'), fakeContext())).toEqual(['c', 'd'])
    expect(seen).toEqual(['a', '/a', 'b', '/b', 'c'])
  })
})

describe('what it is of no use to bring again', () => {
  test('is taken by onPermanent, and counts as done when that has succeeded', async () => {
    const taken: string[] = []
    const handler = lambda(queue()).each(run, {
      onPermanent: ({ job }, error) => taken.push(`${job?.id}: ${error.message}`),
    })
    expect(await handler(jobs('a b!! c!'), fakeContext())).toEqual(['c'])
    expect(taken).toEqual(['b: never b'])
    expect(lines()).toEqual(['the record b failed for good, and was given to `onPermanent`', 'the record c failed'])
  })
  test('is also what does not fit its schema', async () => {
    const handler = lambda(queue())
      .input(z.object({ id: z.string().max(1) }))
      .each(() => {}, { onPermanent: () => {} })
    expect(await handler(jobs('a bb'), fakeContext())).toEqual([])
  })
  test('is brought again where nobody takes it, or where that fails', async () => {
    expect(await lambda(queue()).each(run)(jobs('a b!!'), fakeContext())).toEqual(['b'])
    const handler = lambda(queue()).each(run, { onPermanent: () => Promise.reject(new Error('queue is gone')) })
    expect(await handler(jobs('a b!!'), fakeContext())).toEqual(['b'])
    expect(lines()).toEqual([
      'the record b failed',
      '`onPermanent` failed, and the record b will be brought again',
      'the record b failed',
    ])
  })
  test('does not hold up its group', async () => {
    const grouped = queue({ group: ({ id }) => id[0] as string })
    const handler = lambda(grouped).each(run, { onPermanent: () => {} })
    expect(await handler(jobs('a1!! a2'), fakeContext())).toEqual([])
  })
})

test('a context of a record that the deadline took away is dead', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  let late: unknown
  const handler = lambda(queue(), { deadline: 50, grace: 20 }).each(async (ctx) => {
    if (ctx.job.id === 'a') return
    await sleep(250)
    try {
      late = ctx.job
    } catch (error) {
      late = error
    }
  })
  expect(await handler(jobs('a b'), fakeContext({ timeout: 150 }))).toEqual(['b'])
  await sleep(250)
  expect(late).toBeInstanceOf(Error)
})

test('64 batches at once keep their records to themselves', async () => {
  const handler = lambda(queue()).each(run, { concurrency: 4 })
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, i) => handler(jobs(`a${i} b${i}! c${i} d${i}!`), fakeContext())),
  )
  expect(answers).toEqual(answers.map((_, i) => [`b${i}`, `d${i}`]))
})

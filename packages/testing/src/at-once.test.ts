import type { Invocation, Middleware } from '@fnware/core'
import { expect, test } from 'vitest'
import { collectLogs, fakeContext, httpApiEvent, interleave, readAnswer, runMiddleware, yields } from './index.ts'

const many = Array.from({ length: 64 }, (_, i) => `mark-${i}.`)
const atOnce = <T>(run: (mark: string, i: number) => Promise<T>): Promise<T[]> => Promise.all(many.map(run))

test('64 collectors at once, with others inside, have what was written in them, in order', async () => {
  const all = await atOnce(async (mark, i) => {
    const inner: (readonly string[])[] = []
    const { logs, result } = await collectLogs(async () => {
      console.log(`first ${mark}`)
      await yields()
      const nested = await collectLogs(async () => {
        for (let n = 0; n < i % 4; n++) {
          await yields()
          process.stdout.write(`inner ${n} `)
          await yields()
          console.error(`${mark}`)
        }
        process.stdout.write('\n')
      })
      inner.push(nested.logs.text)
      await yields()
      console.log(JSON.stringify({ mark }))
      setImmediate(() => console.warn(`later ${mark}`))
      await new Promise((resolve) => setTimeout(resolve, 5))
      return mark
    })
    return { mark, result, text: logs.text, json: logs.json, inner: inner.flat(), i }
  })
  for (const { mark, result, text, json, inner, i } of all) {
    expect([result, json]).toEqual([mark, [{ mark }]])
    expect(text).toEqual([`first ${mark}`, JSON.stringify({ mark }), `later ${mark}`])
    expect(inner.filter((line) => line === mark)).toHaveLength(i % 4)
    expect(inner.join('')).toContain(Array.from({ length: i % 4 }, (_, n) => `inner ${n} `).join(''))
  }
})

test('64 middlewares at once run each on a context of its own', async () => {
  const middleware: Middleware<{ given: string }, { added: string }> = async (ctx, next) => {
    await yields()
    ctx.defer(async () => {
      await yields()
      console.log(`deferred ${ctx.given}`)
    })
    return next({ added: ctx.given }, () => console.log(`over ${ctx.given}`))
  }
  const all = await atOnce((mark) =>
    collectLogs(() =>
      runMiddleware(middleware, { given: mark, event: { mark } }, async (ctx: Invocation & { added: string }) => {
        await yields()
        return [ctx.added, ctx.context.awsRequestId, (ctx.event as { mark: string }).mark]
      }),
    ),
  )
  for (const [i, { result, logs }] of all.entries()) {
    const mark = many[i] as string
    expect(result.result).toEqual([mark, result.ctx?.context.awsRequestId, mark])
    expect(logs.text).toEqual([`over ${mark}`, `deferred ${mark}`])
  }
  expect(new Set(all.map(({ result }) => result.ctx?.context.awsRequestId)).size).toBe(64)
})

test('events and contexts that are made at once share nothing that can be changed', async () => {
  const options = { headers: { a: ['1', '2'] }, query: { a: '1' }, cookies: { a: '1' }, body: { a: [1] } }
  const made = await atOnce(async () => {
    const event = httpApiEvent(options)
    await yields()
    return { event, context: fakeContext() }
  })
  const untouched = structuredClone(options)
  for (const { event, context } of made) {
    for (const part of [event.headers, event.cookies, event.queryStringParameters, event.requestContext.http])
      for (const key of Object.keys(part ?? {})) Reflect.deleteProperty(part as object, key)
    Object.assign(context, { awsRequestId: 'taken' })
  }
  expect(options).toEqual(untouched)
  expect(httpApiEvent(options).headers.a).toBe('1,2')
  expect(fakeContext().awsRequestId).not.toBe('taken')
})

test('several interleavings at once do not meet', async () => {
  const handler = async ({ mark }: { mark: string }) => {
    console.log(mark)
    await yields()
    return { statusCode: 200, body: mark }
  }
  const seeds = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const { results, logs, seed } = await interleave(handler, (mark) => ({ mark }), { count: 16, seed: i + 1 })
      for (const [n, result] of results.entries())
        expect([readAnswer(result).body, logs[n]?.text]).toEqual([result.body, [result.body]])
      return seed
    }),
  )
  expect(seeds).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

import { createRequire } from 'node:module'
import * as core from '@fnware/core'
import { reportTo } from '@fnware/core/extend'
import * as web from '@fnware/http'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'

// A function may hold two copies of a package: a bundle's and a layer's, an ESM and a CJS one. Here the other is the
// built CommonJS.
const require = createRequire(import.meta.url)
const otherCore = require('@fnware/core') as typeof core
const otherExtend = require('@fnware/core/extend') as { reportTo: typeof reportTo }
const otherHttp = require('@fnware/http') as typeof web

const event = {
  version: '2.0',
  rawPath: '/',
  rawQueryString: '',
  headers: {},
  requestContext: { http: { method: 'GET', path: '/', sourceIp: '192.0.2.1' }, stage: '$default' },
  isBase64Encoded: false,
} as unknown as web.HttpEvent

test('there are two copies', () => {
  expect(otherCore.HttpError).not.toBe(core.HttpError)
  expect(otherHttp.http).not.toBe(web.http)
})

describe.each([
  ['the function is one’s, the rest the other’s', core, web, otherCore, otherHttp],
  ['and the other way round', otherCore, otherHttp, core, web],
])('%s', (_, mine, myHttp, theirs, theirHttp) => {
  test('errors and replies are recognised', async () => {
    const status = async (fn: () => unknown) =>
      (await mine.lambda(myHttp.http()).handle(fn)(event, fakeContext())).statusCode
    const thrown = (error: Error) => () => {
      throw error
    }
    expect(await status(thrown(new theirs.HttpError(409)))).toBe(409)
    expect(await status(thrown(new theirs.InputError([])))).toBe(400)
    expect(await status(() => theirHttp.reply(201, 1))).toBe(201)
  })

  test('a source, a resource and a stack serve', async () => {
    const db = theirs.resource('db', { init: () => 'db', dispose: () => {} })
    const base = theirs
      .stack()
      .use(db)
      .use((_, next) => next({ more: 1 }))
    const handler = mine
      .lambda(theirHttp.http())
      .use(base)
      .handle(({ db, more, request }) => [db, more, request.method])
    expect((await handler(event, fakeContext())).body).toBe('["db",1,"GET"]')
  })

  test('a fetched value of one is renewed by the other', async () => {
    let n = 0
    const secrets = theirs.resource('secrets', {
      init: async (_, { keep }) => theirs.live({ a: await keep(theirs.fresh(async () => ++n)) }),
    })
    const handler = mine
      .lambda()
      .use(secrets)
      .handle(async ({ secrets }) => [secrets.a, await mine.renew(() => secrets.a)])
    expect(await handler({}, fakeContext())).toEqual([1, 2])
  })

  test('a logger of one hears of the other’s troubles', async () => {
    const report = vi.fn()
    const takeOver = mine === core ? otherExtend.reportTo : reportTo
    const handler = mine
      .lambda(myHttp.http())
      .use((ctx, next) => {
        takeOver(ctx, report)
        return next()
      })
      .handle(() => {
        throw new Error('x')
      })
    expect((await handler(event, fakeContext())).statusCode).toBe(500)
    expect(report).toHaveBeenCalledWith('error', 'the invocation failed', expect.objectContaining({ message: 'x' }))
  })
})

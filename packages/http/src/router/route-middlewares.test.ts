import { lambda, type Middleware, stack } from '@fnware/core'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { asker, json } from '../../test/asker.ts'
import { type HttpRequest, http, reply } from '../index.ts'

describe('middlewares of routes', () => {
  const auth: Middleware<{ request: HttpRequest }, { user: string }, ReturnType<typeof reply<401>>> = async (
    { request },
    next,
  ) => (request.headers.user ? next({ user: request.headers.user }) : reply(401))

  test('run round their own routes alone, before anything is checked', async () => {
    const log: string[] = []
    const ask = asker(
      lambda(http())
        .use(stack().use((_, next) => next({ base: 1 }, () => log.push('over'))))
        .routes((r) => {
          r.get('/open', () => 'open')
          const mine = r.use(auth)
          mine.post('/mine', { body: z.object({ a: z.int() }) }, ({ user, body, base }) => [user, body.a, base])
          mine
            .use((_, next) => next({ admin: true }, () => log.push('inner')))
            .get('/admin', ({ user, admin }) => [user, admin])
        }),
    )
    expect((await ask('GET', '/open')).body).toBe('open')
    expect((await ask('POST', '/mine', json({ a: 'x' }))).status).toBe(401)
    expect(
      (
        await ask('POST', '/mine', {
          ...json({ a: 'x' }),
          headers: { user: 'ann', 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(400)
    expect(
      (await ask('POST', '/mine', { ...json({ a: 1 }), headers: { user: 'ann', 'content-type': 'application/json' } }))
        .body,
    ).toEqual(['ann', 1, 1])
    log.length = 0
    expect((await ask('GET', '/admin', { headers: { user: 'ann' } })).body).toEqual(['ann', true])
    expect(log).toEqual(['inner', 'over'])
  })

  test('that forget next() are told so', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const ask = asker(lambda(http()).routes((r) => r.use((async () => {}) as never).get('/', () => 1)))
    expect((await ask('GET', '/')).status).toBe(500)
    expect(error.mock.calls[0]?.[0]).toMatch('neither next() nor a reply')
    error.mockRestore()
  })
})

import { lambda, type Middleware } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { albMulti, formats } from '../test/requests.ts'
import { http, reply } from './index.ts'

describe.each(formats)('%s: what JavaScript puts in the place of', (_, format) => {
  const forging = (adds: object): Middleware => ((_, next) => next(adds)) as Middleware

  test.each(['request', 'response', 'event', 'context'])('%s does not reach the answer', async (key) => {
    const handler = lambda(http())
      .use(({ response }, next) => {
        response.headers.set('x-head', '1')
        return next()
      })
      .use(forging({ [key]: { forged: true } }))
      .handle(() => reply(201, 'made'))
    const answer = await handler(format({ method: 'POST' }), fakeContext())
    expect(answer).toMatchObject({ statusCode: 201, body: '"made"' })
    expect(JSON.stringify(answer)).toContain('"x-head"')
  })

  test.each(['request', 'response', 'event', 'context'])('%s does not reach an error’s answer', async (key) => {
    const handler = lambda(http())
      .use(forging({ [key]: null }))
      .routes((r) => r.get('/', ({ request }) => request.path))
    const { result } = await collectLogs(() => handler(format({}), fakeContext()))
    expect(result.statusCode).toBe(key === 'request' ? 500 : 200)
    expect(result.body).toMatch(key === 'request' ? '"title":"Internal Server Error"' : '"/"')
  })
})

test('a load balancer is answered in the form of its event, whatever became of `event`', async () => {
  const handler = lambda(http())
    .use(((_, next) => next({ event: {} })) as Middleware)
    .handle(() => 1)
  expect(await handler(albMulti({}), fakeContext())).toHaveProperty('multiValueHeaders')
})

import { STATUS_CODES } from 'node:http'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'
import { alb } from '../test/requests.ts'
import { http, reply } from './index.ts'

/** Newer names than Node has: RFC 9110. */
const renamed: Readonly<Record<string, string>> = { 413: 'Content Too Large', 422: 'Unprocessable Content' }
/** So rare that their class says enough. */
const rare = '203 205 207 208 226 300 305 407 417 418 421 505 506 507 508 509 510 511'.split(' ')
const classes = ['Success', 'Redirection', 'Client Error', 'Server Error']
const handler = lambda(http()).handle(({ request }) => reply(Number(request.path.slice(1))))

test.each(Object.entries(STATUS_CODES).filter(([status]) => Number(status) >= 200))(
  '%s is %s',
  async (status, name) => {
    const { statusDescription } = await handler(alb({ path: `/${status}` }), fakeContext())
    const phrase = rare.includes(status) ? classes[Number(status[0]) - 2] : (renamed[status] ?? name)
    expect(statusDescription).toBe(`${status} ${phrase}`)
  },
)

test.each([
  [299, 'Success'],
  [399, 'Redirection'],
  [499, 'Client Error'],
  [599, 'Server Error'],
])('%i, which has no name of its own, is %s', async (status, phrase) => {
  expect((await handler(alb({ path: `/${status}` }), fakeContext())).statusDescription).toBe(`${status} ${phrase}`)
})

test('a status that is none is named', () => {
  for (const [status, shown] of [
    [199, '199'],
    [600, '600'],
    [200.5, '200.5'],
    ['200', '"200"'],
  ])
    expect(() => reply(status as number)).toThrow(`reply() takes a status from 200 to 599, not ${shown}`)
  for (const status of [200, 599]) expect(reply(status).status).toBe(status)
})

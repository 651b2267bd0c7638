import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logger } from './index.ts'

const secret = 'hunter2-of-the-test'
const key = fc.constantFrom(
  ...'password Authorization stripe_secret x-api-key refreshToken DB_PASSWORD set-cookie customerIban privateKey'.split(
    ' ',
  ),
)
const wrapped = (value: object): fc.Arbitrary<object> =>
  fc.constantFrom<object>(
    value,
    [value],
    { inner: value },
    new Map([['inner', value]]),
    new Set([value]),
    { toJSON: () => value },
    Object.assign(new Error('x'), { config: value }),
    new Error('x', { cause: value }),
    new Error('x', { cause: Object.assign(new Error('y'), value) }),
    new AggregateError([Object.assign(new Error('z'), value)]),
  )
const hidden = key.map((name) => ({ [name]: secret, shown: 'shown' }))
const anywhere = hidden.chain(wrapped).chain(wrapped).chain(wrapped)

test('no secret is in any line, by whatever way it came', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(anywhere, anywhere, anywhere, async (extra, keys, thrown) => {
      const handler = lambda()
        .use(logger({ redact: ['iban'], level: 'trace', keys: { keys } }))
        .handle((ctx) => {
          ctx.logger.appendKeys({ keys })
          ctx.logger.child({ child: keys }).error('named', { extra })
          ctx.logger.info('bare', extra)
          ctx.defer(() => Promise.reject(Object.assign(new Error('deferred'), { thrown })))
          throw Object.assign(new Error('boom', { cause: thrown }), { thrown })
        })
      const { logs } = await collectLogs(() => handler({}, fakeContext()).catch(() => {}))
      expect(logs.json.map(({ message }) => message).sort()).toEqual(
        ['a deferred function failed', 'bare', 'function error', 'named', 'the invocation failed'].sort(),
      )
      expect(logs.text.join('\n')).not.toContain(secret)
      if (logs.text.some((line) => line.includes('[redacted]'))) found++
    }),
    { numRuns: 300 },
  )
  // What an Error keeps from being listed may be left out as a whole.
  expect(found).toBeGreaterThan(250)
})

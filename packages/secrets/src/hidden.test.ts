import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { service } from '../test/service.ts'
import { secret, secrets } from './index.ts'

const it = service()

const ways: Readonly<Record<string, (value: object) => unknown>> = {
  inspect: (value) => inspect(value, { depth: 20 }),
  'inspect with all there is': (value) =>
    inspect(value, { depth: 20, showHidden: true, getters: true, showProxy: true }),
  'inspect past what objects say of themselves': (value) =>
    inspect(value, { depth: 20, customInspect: false, showHidden: true }),
  'JSON.stringify': (value) => JSON.stringify(value),
  'a spread': (value) => JSON.stringify({ ...value }),
  'Object.entries': (value) => JSON.stringify(Object.entries(value)),
  'structuredClone of what it is made of': (value) => JSON.stringify(structuredClone({ ...Object(value).secrets })),
  'a template': (value) => `${value}`,
  'console.log': async (value) => (await collectLogs(async () => console.log(value))).logs.text.join('\n'),
  'console.error with an error about it': async (value) =>
    (await collectLogs(async () => console.error(Object.assign(new Error('x'), { value })))).logs.text.join('\n'),
}

test.each(Object.entries(ways))('%s shows no value, of the context or of its secrets', async (_, show) => {
  const handler = lambda()
    .use(
      secrets({
        database: secret(it.create({ password: 'hunter2' }), z.object({ password: z.string() })),
        text: secret(it.create('hunter2')),
        bytes: secret(it.create(new TextEncoder().encode('hunter2')), { format: 'binary' }),
        rare: secret(it.create('hunter2'), { lazy: true }),
      }),
    )
    .handle(async (ctx) => {
      const { secrets } = ctx
      expect([secrets.text, secrets.database.password, await secrets.rare()]).toEqual(Array(3).fill('hunter2'))
      return [await show(ctx), await show(secrets), await show({ secrets }), await show([ctx.secrets])].join('\n')
    })
  const shown = await handler({}, fakeContext())
  expect(shown).not.toMatch(/hunter2|104,\s*117,\s*110|68 75 6e/)
})

test('inspect tells the names', async () => {
  const handler = lambda()
    .use(secrets({ a: secret(it.create('x')), b: secret(it.create('y')) }))
    .handle(({ secrets }) => inspect(secrets))
  expect(await handler({}, fakeContext())).toBe('[secrets: a, b]')
})

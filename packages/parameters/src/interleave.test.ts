import { lambda, renew } from '@fnware/core'
import { interleave, yielding, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { service } from '../test/service.ts'
import { env, parameter, parameters, path } from './index.ts'

const it = service()

test('64 invocations share the values, and keep what they do with them to themselves', async () => {
  const name = it.put('shared')
  const rare = it.put('rare')
  const handler = lambda<{ mark: string }, unknown>()
    .use(env(z.object({ AWS_REGION: z.string() })))
    .use(
      parameters({
        shared: parameter(name),
        db: path(it.below({ host: 'h' }), z.object({ host: z.string() })),
        rare: parameter(rare, { lazy: true }),
      }),
    )
    .use(yielding(1))
    .handle(async ({ event, parameters, env }) => {
      await yields()
      const mine = `${event.mark} ${env.AWS_REGION} ${parameters.shared} ${parameters.db.host} ${await parameters.rare()}`
      await yields()
      return `${mine} ${await renew(() => parameters.shared)}`
    })
  const { results } = await interleave(handler, (mark) => ({ mark }), {
    check: (result, { mark }) => expect(result).toBe(`${mark} eu-west-1 shared h rare shared`),
  })
  expect(results).toHaveLength(64)
  expect(it.called().sort()).toEqual(['GetParameters 1', 'GetParameters 1', 'GetParameters 1', 'GetParametersByPath'])
})

import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { register } from '../../test/registering.ts'
import { startWeb } from '../../test/web.ts'
import { opentelemetry } from '../opentelemetry.ts'
import { tracer } from '../tracer.ts'

test.each([
  ['a provider of its own', () => {}],
  ['a provider that is registered', () => void register()],
])('with %s, what exports spans is not traced, even amid an invocation whose calls are', async (_, prepare) => {
  const collector = await collecting()
  await using web = await startWeb((_, response) => void response.end('ok'))
  prepare()
  const handler = lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(async ({ tracer }) => {
      // As many as are sent at once, before the invocation ends.
      for (let i = 0; i < 600; i++) tracer.span('one of many', () => null)
      await collector.untilAsked(1)
      await collector.until((spans) => spans.length > 0)
      await (await fetch(web.url)).text()
    })
  await handler({}, fakeContext())
  await collector.until((spans) => spans.length >= 602)
  const called = collector.spans.flatMap(({ attributes }) => attributes['url.full'] ?? [])
  expect(called).toEqual([`${web.url}/`])
  expect(collector.requests.map(({ headers }) => headers.traceparent)).toEqual(collector.requests.map(() => undefined))
})

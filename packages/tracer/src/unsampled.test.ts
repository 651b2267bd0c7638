import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { daemon, header, parent, root, traced } from '../test/traced.ts'
import { type Tracer, tracer } from './index.ts'

describe('an invocation that is not sampled', () => {
  const of = (make: (tracer: Tracer) => unknown) =>
    lambda()
      .use(tracer())
      .handle(({ tracer }) => make(tracer))

  test.each([
    ['decided against', `Root=${root};Parent=${parent};Sampled=0`],
    ['undecided', `Root=${root};Parent=${parent};Sampled=?`],
    ['not decided', `Root=${root}`],
    ['with what Lambda counts loops by', `Root=${root};Parent=${parent};Sampled=0;Lineage=1:abc:0`],
  ])('hands its header on: %s', async (_, header) => {
    const xray = await daemon()
    expect(await of((tracer) => [tracer.sampled, tracer.traceId, tracer.headers()])({}, traced(header))).toEqual([
      false,
      root,
      { 'x-amzn-trace-id': header.replace(';Sampled=?', '') },
    ])
    expect(xray.datagrams).toEqual([])
  })

  test('runs what it is given, and says nothing of it', async () => {
    const xray = await daemon()
    const handler = of((tracer) =>
      tracer.span('a', (span) => {
        tracer.annotate('a', 1)
        tracer.metadata('b', 2)
        span.annotate('c', 3)
        span.metadata('d', 4)
        return tracer.span('b', (inner) => [span.headers(), inner.headers()])
      }),
    )
    expect(await handler({}, fakeContext())).toEqual([{}, {}])
    expect(xray.datagrams).toEqual([])
  })

  test('is one that POWERTOOLS_TRACE_ENABLED says no to, whose header goes on all the same', async () => {
    const xray = await daemon()
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'FALSE')
    expect(await of((tracer) => [tracer.sampled, tracer.headers()])({}, traced())).toEqual([
      false,
      { 'x-amzn-trace-id': header },
    ])
    expect(xray.datagrams).toEqual([])
  })
})

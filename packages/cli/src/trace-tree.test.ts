import type { TraceEvent, TraceSpan } from '@fnware/local'
import { expect, test } from 'vitest'
import { styled } from './style.ts'
import { traceTree } from './trace-tree.ts'

function span(id: string, parent: string | undefined, name: string, more: Partial<TraceSpan> = {}): TraceSpan {
  return {
    id,
    parent,
    name,
    start: 1000,
    end: 1012.34,
    by: 'function',
    status: 'ok',
    error: undefined,
    attributes: {},
    detail: {},
    ...more,
  }
}

function tree(...spans: TraceSpan[]): readonly string[] {
  const at = { time: 0, function: 'f', environment: 'e', requestId: 'r', traceId: 't' }
  return traceTree({ type: 'trace', ...at, spans } satisfies TraceEvent, styled(false))
}

test('a line for each span, and how long it took', () => {
  expect(
    tree(
      span('l', undefined, 'f', { by: 'lambda' }),
      span('i', 'l', 'Invocation', { by: 'lambda' }),
      span('a', 'i', '## index.handler'),
      span('b', 'a', 'SecretsManager', { end: 1005.2, detail: { aws: { operation: 'GetSecretValue' } } }),
      span('c', 'a', 'api.example.com', {
        detail: { http: { request: { method: 'GET' }, response: { status: 429 } } },
        status: 'throttle',
      }),
      span('d', 'c', 'open', { end: undefined }),
      span('e', 'a', 'save', { status: 'fault', error: 'TypeError: cannot save\n    at here' }),
      span('g', undefined, 'GET /', { attributes: { 'http.request.method': 'GET', 'http.response.status_code': 201 } }),
      span('h', 'g', 'refused\nby them', { status: 'error' }),
    ),
  ).toEqual([
    '## index.handler 12 ms',
    '  SecretsManager GetSecretValue 5.2 ms',
    '  api.example.com GET 429 12 ms throttle',
    '    open not ended',
    '  save 12 ms TypeError: cannot save',
    'GET / 201 12 ms',
    '  refused 12 ms error',
  ])
})

test('nothing where the function told nothing', () => {
  expect(tree(span('l', undefined, 'f', { by: 'lambda' }))).toEqual([])
})

test('very many are counted', () => {
  const lines = tree(...Array.from({ length: 100 }, (_, n) => span(`${n}`, undefined, `n${n}`)))
  expect(lines).toHaveLength(41)
  expect(lines.at(-1)).toBe('60 more')
})

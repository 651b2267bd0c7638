import { expect, test } from 'vitest'
import { readable } from './log-line.ts'
import { styled, wantsColor } from './style.ts'

const plain = (line: string) => readable(line, styled(false))
const at = '2026-11-24T09:00:00.000Z\t8476a536-e9f4-11e8-9739-2dfe598c3fcd'

test.each([
  [`${at}\tINFO\thello { a: 1 }`, 'INFO hello { a: 1 }'],
  [`${at}\tWARN\ttwo\nlines`, 'WARN two\nlines'],
  ['plain output', 'plain output'],
  ['{"not":"a log"}', '{"not":"a log"}'],
  ['{broken', '{broken'],
  [
    '{"level":"INFO","message":"placed","timestamp":"t","service":"orders","cold_start":true,"function_arn":"a","id":7}',
    'INFO placed id=7',
  ],
  [
    '{"level":"INFO","message":"x","a":"two words","b":{"c":[1]},"d":"","e":null,"f":true,"g":"/a/b"}',
    'INFO x a="two words" b={"c":[1]} d="" e=null f=true g=/a/b',
  ],
  [
    '{"level":"INFO","message":"GET /orders/{id} 404","correlation_id":"c","outcome":"refused","duration_ms":1.5,"remaining_ms":4999,"method":"GET","path":"/orders/7","route":"/orders/{id}","status":404}',
    'INFO GET /orders/{id} 404 outcome=refused path=/orders/7',
  ],
  [
    '{"level":"INFO","message":"POST /orders 201","outcome":"success","method":"POST","path":"/orders","route":"/orders","status":201}',
    'INFO POST /orders 201',
  ],
  ['{"level":"INFO","message":{"a":1},"timestamp":"t","requestId":"r"}', 'INFO {"a":1}'],
  [
    '{"level":"ERROR","message":"failed","error":{"name":"TypeError","message":"bad","stack":"TypeError: bad\\n    at f (a.ts:1:2)"}}',
    'ERROR failed\n  TypeError: bad\n      at f (a.ts:1:2)',
  ],
  ['{"level":"ERROR","message":"failed","function_request_id":"r-1","n":1}', 'ERROR failed request_id=r-1 n=1'],
  [
    '{"level":"ERROR","message":"failed","error":{"name":"TypeError","message":"bad"}}',
    'ERROR failed\n  TypeError: bad',
  ],
  [
    `${at}\tERROR\tInvoke Error \t{"errorType":"E","errorMessage":"m","stack":["E: m","    at a (a.ts:1:1)","    at invoke (file:///x/runtime/client.mjs:1:1)"],"cause":{"stack":["C: c","    at b (b.ts:1:1)"]}}`,
    'ERROR Invoke Error\n  E: m\n      at a (a.ts:1:1)\n  caused by C: c\n      at b (b.ts:1:1)',
  ],
  [
    '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"orders"},{"Name":"ms"}]}]},"orders":1,"ms":[1,2]}',
    'METRIC orders=1 ms=[1,2]',
  ],
])('%s', (line, expected) => {
  expect(plain(line)).toBe(expected)
})

test('colours on a terminal only, and never against NO_COLOR', () => {
  expect(readable(`${at}\tERROR\tx`, styled(true))).toBe('\u001b[31mERROR\u001b[39m x')
  const before = process.env.NO_COLOR
  process.env.NO_COLOR = ''
  expect([wantsColor({ isTTY: true }), wantsColor({})]).toEqual([true, false])
  process.env.NO_COLOR = '1'
  expect(wantsColor({ isTTY: true })).toBe(false)
  if (before === undefined) delete process.env.NO_COLOR
  else process.env.NO_COLOR = before
})

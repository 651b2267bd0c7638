import { httpEvent } from './event.ts'
import { order } from './requests.ts'

/** What a stack is asked by the equivalence test: by its name, the event, and ms until the function's time is up. */
export interface Question {
  readonly name: string
  readonly event: () => object
  readonly timeout?: number
}

const post = (body: string, base64 = false) => httpEvent('POST', '/orders', body, base64)
const withLine = (line: object) => JSON.stringify({ ...order, lines: [line] })

export const orderQuestions: readonly Question[] = [
  { name: 'success', event: () => post(JSON.stringify(order)) },
  { name: 'success again', event: () => post(JSON.stringify(order)) },
  { name: 'base64', event: () => post(Buffer.from(JSON.stringify(order)).toString('base64'), true) },
  {
    name: 'refused by the schema',
    event: () =>
      post(
        JSON.stringify({
          customer: { name: '', email: 'x' },
          lines: [order.lines[0], { sku: 'B', quantity: 0, price: 1 }],
        }),
      ),
  },
  { name: 'not JSON', event: () => post('{"customer":') },
  { name: 'nothing', event: () => post('') },
  { name: '__proto__', event: () => post(`{"__proto__":{"a":1},${JSON.stringify(order).slice(1)}`) },
  { name: 'escaped __proto__', event: () => post(`{"\\u005f_proto__":{"a":1},${JSON.stringify(order).slice(1)}`) },
  {
    name: 'constructor.prototype',
    event: () => post(`{"constructor":{"prototype":{"a":1}},${JSON.stringify(order).slice(1)}`),
  },
  {
    name: 'harmless constructor',
    event: () => post(JSON.stringify({ ...order, constructor: 'Ltd', note: '__proto__' })),
  },
  { name: 'too large', event: () => post(JSON.stringify({ ...order, note: 'x'.repeat(1_048_576) })) },
  { name: 'too large in bytes', event: () => post(JSON.stringify({ ...order, note: 'ä'.repeat(600_000) })) },
  {
    name: 'too large in base64',
    event: () => post(Buffer.from(JSON.stringify({ ...order, note: 'x'.repeat(1_048_576) })).toString('base64'), true),
  },
  { name: 'unexpected error', event: () => post(withLine({ sku: 'gone', quantity: 1, price: 1 })) },
  { name: 'deadline', event: () => post(withLine({ sku: 'hang', quantity: 1, price: 1 })), timeout: 200 },
]

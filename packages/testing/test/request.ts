import type { RequestOptions } from '../src/index.ts'

/** A request with everything in it that the services write differently. */
export const full: RequestOptions = {
  method: 'PUT',
  path: '/a%20b/c',
  query: { tag: ['x&y', 'z'], plus: 'a b' },
  headers: { 'X-Custom': 'One', 'X-Twice': ['1', '2'] },
  cookies: { a: '1', b: 'two words' },
  body: { quantity: 2 },
  ip: '198.51.100.7',
}

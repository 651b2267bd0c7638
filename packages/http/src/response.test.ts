import { describe, expect, test } from 'vitest'
import { Head } from './response.ts'

describe('the response head', () => {
  test('is the Web’s Headers, by names in any case', () => {
    const { headers } = new Head()
    headers.set('X-A', '1')
    headers.append('x-a', '2')
    expect(headers.get('X-a')).toBe('1, 2')
    headers.set('x-A', '3')
    expect(headers.get('x-a')).toBe('3')
    headers.delete('X-A')
    expect(headers.get('x-a')).toBeUndefined()
  })

  test('keeps cookies apart', () => {
    const head = new Head()
    const { headers } = head
    expect(headers.get('set-cookie')).toBeUndefined()
    headers.append('Set-Cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    expect(head.cookies).toEqual(['a=1', 'b=2'])
    expect(headers.get('Set-Cookie')).toBe('a=1, b=2')
    headers.set('set-cookie', 'c=3')
    expect(head.cookies).toEqual(['c=3'])
    headers.delete('SET-cookie')
    expect(headers.get('set-cookie')).toBeUndefined()
    headers.delete('x-a')
    expect(headers.get('x-a')).toBeUndefined()
  })

  test('has a status that may be taken back', () => {
    const head = new Head()
    head.status = 201
    expect(head.status).toBe(201)
    head.status = undefined
    expect(head.status).toBeUndefined()
    for (const status of [0, 199, 600, 200.5, '200'])
      expect(() => {
        head.status = status as number
      }).toThrow(`ctx.response.status takes a status from 200 to 599, not ${JSON.stringify(status)}`)
    for (const status of [200, 599]) head.status = status
  })

  test.each([
    ['x-a', 'one\r\nset-cookie: a=1'],
    ['x-a', 'one\ntwo'],
    ['x-a', 'nul\0'],
    ['x-a', 'bell\x07'],
    ['x-a', 'delete\x7f'],
    // Where the low byte alone is written, as Node once did, this is a line break.
    ['x-a', 'one\u010d\u010atwo'],
    ['x-a', '→'],
    ['x-a', 5],
    ['x a', 'one'],
    ['', 'one'],
    ['x-a\r\nx-b', 'one'],
  ])('refuses %j: %j, and keeps what is there', (name, value) => {
    const { headers } = new Head()
    headers.set('x-a', 'before')
    for (const write of ['set', 'append'] as const)
      expect(() => headers[write](name, value as string)).toThrow(
        name === 'x-a'
          ? 'the header x-a must be a string without line breaks'
          : `${JSON.stringify(name)} is no name of a header`,
      )
    expect(headers.get('x-a')).toBe('before')
  })

  test('takes tabs, and what Latin-1 has', () => {
    const { headers } = new Head()
    headers.set('x-a', 'a\tb é ÿ ~')
    expect(headers.get('x-a')).toBe('a\tb é ÿ ~')
  })

  test('is closed once the answer has been given', () => {
    const head = new Head()
    head.sealed = true
    expect(() => head.headers.set('x-a', '1')).toThrow('the header x-a was set after the answer had been given')
  })

  test('has no names of its own', () => {
    expect(new Head().headers.get('constructor')).toBeUndefined()
    const { headers } = new Head()
    headers.set('__proto__', 'x')
    expect(headers.get('__proto__')).toBe('x')
  })
})

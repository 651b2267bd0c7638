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
    head.headers.append('Set-Cookie', 'a=1')
    head.headers.append('set-cookie', 'b=2')
    expect(head.cookies).toEqual(['a=1', 'b=2'])
    head.headers.set('set-cookie', 'c=3')
    expect(head.cookies).toEqual(['c=3'])
  })

  test.each([
    ['x-a', 'one\r\nset-cookie: a=1'],
    ['x-a', 'one\ntwo'],
    ['x-a', 'nul\0'],
    ['x-a', 5],
    ['x a', 'one'],
    ['', 'one'],
    ['x-a\r\nx-b', 'one'],
  ])('refuses %j: %j', (name, value) => {
    expect(() => new Head().headers.set(name, value as string)).toThrow(TypeError)
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

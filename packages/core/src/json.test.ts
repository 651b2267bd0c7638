import { expect, test } from 'vitest'
import { parseJson } from './json.ts'

test.each([
  '{"__proto__":{"admin":true}}',
  '{"a":[{"\\u005f_proto__":1}]}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"a":{"\\u0063onstructor":{"prototype":1}}}',
])('refuses %s', (text) => {
  expect(() => parseJson(text, 'body')).toThrow(
    expect.objectContaining({ name: 'InputError', in: 'body', message: expect.stringMatching(/is refused/) }),
  )
})

test.each([
  '{"text":"about __proto__ and constructor"}',
  '{"constructor":"Bob the builder"}',
  '{"a":"\\u0041"}',
  '[1,null,"x"]',
  '{"other":{"prototype":1},"constructor":{"name":"x"},"no":null,"__proto":1}',
  '5',
])('takes %s', (text) => {
  expect(parseJson(text)).toEqual(JSON.parse(text))
})

test('says where it is broken, and nothing of what it holds', () => {
  const broken = (text: string) => {
    try {
      parseJson(text)
    } catch (error) {
      return (error as Error).message
    }
    return 'taken'
  }
  expect(broken('{"password": hunter2}')).toBe('not valid JSON')
  expect(broken('{"password":"hunter2",}')).toBe('not valid JSON at line 1, column 23')
  expect(broken(`${'\n'.repeat(11)}{"password":"hunter2",}`)).toBe('not valid JSON at line 12, column 23')
  expect(broken('{"password":"hunter2"')).toMatch(/^not valid JSON/)
  expect(broken('{"end of JSON": line 5 column 6}')).toBe('not valid JSON')
  expect(broken('')).toBe('not valid JSON: it ends too early')
})

test('is not brought down by depth', () => {
  const deep = `${'['.repeat(100_000)}"__proto__"${']'.repeat(100_000)}`
  expect(() => parseJson(deep)).not.toThrow()
})

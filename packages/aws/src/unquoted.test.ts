import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { codeOf } from './classify.ts'
import { AwsError } from './errors.ts'
import { unquoted } from './unquoted.ts'

const unread = () => {
  try {
    return JSON.parse('hunter2')
  } catch (error) {
    return error
  }
}

test.each([unread(), new Error(`Failed: ${(unread() as Error).message}`, { cause: unread() })])(
  'what a parser quotes of an answer is not told: %s',
  (error) => {
    expect(inspect(error)).toContain('hunter2')
    const told = unquoted(error)
    expect(inspect(told, { showHidden: true })).not.toContain('hunter2')
    expect(codeOf(told)).toBe('InvalidAnswer')
  },
)

test.each([new AwsError('a', { code: 'NetworkError' }), new Error('a', { cause: new Error('b') }), 'a', undefined])(
  'other errors stay as they are: %s',
  (error) => {
    expect(unquoted(error)).toBe(error)
  },
)

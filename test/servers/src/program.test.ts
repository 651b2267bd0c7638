import { expect, test } from 'vitest'
import { program } from './program.ts'

test('a program is found where Debian puts it', () => {
  expect(program('postgres', 'postgresql')).toMatch(/\/postgres$/)
})

test('a missing program fails the test, with what to install', () => {
  expect(() => program('no-such-server', 'its-package')).toThrow(
    'no-such-server is missing, which this test runs: apt-get install --no-install-recommends its-package',
  )
})

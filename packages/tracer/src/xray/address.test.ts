import { expect, test } from 'vitest'
import { addressOf } from './address.ts'

test.each([
  [undefined, '127.0.0.1', 2000],
  ['  ', '127.0.0.1', 2000],
  ['169.254.79.129:2000', '169.254.79.129', 2000],
  ['tcp:127.0.0.1:2000 udp:127.0.0.2:2001', '127.0.0.2', 2001],
  ['udp:127.0.0.2:2001  tcp:127.0.0.1:2000', '127.0.0.2', 2001],
  ['udp:daemon.local:65535', 'daemon.local', 65_535],
  ['[::1]:2000', '::1', 2000],
  ['udp:[fe80::1]:3000', 'fe80::1', 3000],
])('%s', (text, host, port) => {
  expect(addressOf(text)).toEqual({ host, port })
})

test.each([
  '127.0.0.1',
  'host:',
  ':2000',
  'host:0',
  'host:65536',
  'host:x',
  'tcp:a:1 tcp:b:2',
  'a:1 b:2',
  '::1:2000',
  'http://a:1',
])('%s is none', (text) => {
  expect(addressOf(text)).toBeUndefined()
})

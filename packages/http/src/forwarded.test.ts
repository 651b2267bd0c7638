import { expect, test } from 'vitest'
import { clientIp, hops } from './forwarded.ts'

test.each([
  ['what the service says counts', 0, '9.9.9.9', 'forged, 1.2.3.4'],
  ['one trusted proxy is passed', 1, '1.2.3.4', 'forged, 1.2.3.4, 9.9.9.9'],
  ['two are passed', 2, '5.5.5.5', 'forged, 5.5.5.5, 1.2.3.4, 9.9.9.9'],
  ['a list that is too short was written by those who are trusted', 3, '1.2.3.4', '1.2.3.4, 9.9.9.9'],
  ['without a list there is the service', 2, '9.9.9.9', undefined],
])('%s', (_, trusted, ip, forwarded) => {
  expect(clientIp('9.9.9.9', () => forwarded, trusted)).toBe(ip)
})

test('the last hop counts where the service does not say', () => {
  expect(clientIp(undefined, () => 'forged, 1.2.3.4', 0)).toBe('1.2.3.4')
  expect(clientIp(undefined, () => undefined, 0)).toBeUndefined()
})

test('ports are left out', () => {
  expect(hops('1.2.3.4:567, [2001:db8::1]:89,[::1], 2001:db8::2 ,')).toEqual([
    '1.2.3.4',
    '2001:db8::1',
    '::1',
    '2001:db8::2',
  ])
  expect(hops(undefined)).toEqual([])
})

test('what is no address with a port is left as it is', () => {
  for (const hop of [
    'x[::1]',
    '[::1]x',
    '[::1]:89x',
    '[]:80',
    'x1.2.3.4:5',
    '1.2.3.4:5x',
    '1.2.3.4:',
    'unknown',
    '_id',
  ])
    expect(hops(hop)).toEqual([hop])
})

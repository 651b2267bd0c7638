import { expect, test } from 'vitest'
import { readFunctionName } from './function-name.ts'

test.each([
  ['orders', undefined, 'orders', undefined],
  ['orders', '$LATEST', 'orders', '$LATEST'],
  ['orders:$LATEST', undefined, 'orders', '$LATEST'],
  ['orders:$LATEST', '$LATEST', 'orders', '$LATEST'],
  ['orders', '$LATEST.PUBLISHED', 'orders', '$LATEST.PUBLISHED'],
  ['orders:$LATEST.PUBLISHED', undefined, 'orders', '$LATEST.PUBLISHED'],
  ['a_b-C9:live', undefined, 'a_b-C9', 'live'],
  ['123456789012:function:orders:7', undefined, 'orders', '7'],
  ['function:orders', undefined, 'orders', undefined],
  ['eu-central-1:123456789012:function:orders', undefined, 'orders', undefined],
  ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders:7', undefined, 'orders', '7'],
  ['arn:aws:lambda:us-iso-east-1:123456789012:function:orders', 'live', 'orders', 'live'],
])('%s with the qualifier %s', (text, qualifier, name, expected) => {
  expect(readFunctionName(text, qualifier)).toEqual({ name, qualifier: expected })
})

test.each([
  ['', undefined],
  ['a b', undefined],
  ['a/b', undefined],
  ['a:b:c', undefined],
  ['a'.repeat(65), undefined],
  ['arn:aws:s3:::orders', undefined],
  ['orders', 'a b'],
  ['orders', ''],
  ['orders', '$LATEST.published'],
  ['orders', 'live.PUBLISHED'],
  ['orders', 'x'.repeat(129)],
])('%j with the qualifier %j is refused', (text, qualifier) => {
  expect(() => readFunctionName(text, qualifier)).toThrow(
    expect.objectContaining({ name: 'ValidationException', statusCode: 400 }),
  )
})

test('two qualifiers that differ are refused', () => {
  expect(() => readFunctionName('orders:1', '2')).toThrow(
    expect.objectContaining({ name: 'InvalidParameterValueException', statusCode: 400 }),
  )
})

import { expect, test } from 'vitest'
import { classify, codeOf, isPassing } from './classify.ts'
import { AwsError } from './errors.ts'

const ours = (code: string) => new AwsError('x', { code })
/** As the SDK's errors are: the name says it. */
const theirs = (name: string) => Object.assign(new Error('x'), { name })

test.each([
  ['ResourceNotFoundException', 'missing'],
  ['ParameterNotFound', 'missing'],
  ['ParameterVersionNotFound', 'missing'],
  ['InvalidRequestException', 'missing'],
  ['AccessDeniedException', 'denied'],
  ['DecryptionFailure', 'denied'],
  ['KMSAccessDeniedException', 'denied'],
  ['InvalidCiphertextException', 'denied'],
  ['InvalidParameterException', 'invalid'],
  ['ValidationException', 'invalid'],
  ['CredentialsError', 'credentials'],
  ['RegionError', 'credentials'],
  ['CredentialsProviderError', 'credentials'],
  ['ExpiredTokenException', 'credentials'],
  ['UnrecognizedClientException', 'credentials'],
  ['InvalidSignatureException', 'credentials'],
  ['ThrottlingException', 'unavailable'],
  ['InternalServiceError', 'unavailable'],
  ['NetworkError', 'unavailable'],
  ['WhateverElse', 'unavailable'],
])('%s is %s', (code, kind) => {
  expect(classify(ours(code))).toBe(kind)
  expect(classify(theirs(code))).toBe(kind)
  expect(classify(new Error('of a library', { cause: theirs(code) }))).toBe(kind)
  expect(classify({ __type: code })).toBe(kind)
})

test.each([undefined, null, 'text', 5, new Error('x'), {}])('what says nothing is unavailable: %s', (thrown) => {
  expect(classify(thrown)).toBe('unavailable')
  expect(codeOf(thrown)).toBeUndefined()
})

test('an error that is its own cause ends', () => {
  const error = new Error('x')
  error.cause = error
  expect(classify(error)).toBe('unavailable')
})

test('what passes is told from what does not', () => {
  const codes = [
    'ThrottlingException',
    'TooManyRequestsException',
    'InternalServerError',
    'NetworkError',
    'InvalidAnswer',
  ]
  expect(codes.every(isPassing)).toBe(true)
  const others = ['AccessDeniedException', 'ResourceNotFoundException', 'CredentialsError', 'ValidationException']
  expect(others.some(isPassing)).toBe(false)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unbounded } from './bounds.ts'
import { Cleaning } from './redact.ts'
import { type Redaction, sensitive } from './sensitive.ts'

const clean = (value: unknown, redact: readonly string[] | Redaction | false = []) =>
  new Cleaning(sensitive(redact), (error) => ({ message: error.message }), unbounded).clean(value)

describe('a key', () => {
  test.each(
    `authorization Authorization proxy-authorization cookie set-cookie Set-Cookie password Password dbPassword db_password
    passwd pwd secret clientSecret client_secret SECRET stripeSecretKey token accessToken access_token refresh-token idToken
    api_key apiKey x-api-key X-Api-Key APIKey private_key privateKey credentials awsCredentials session sessionId jwt
    x-amz-security-token AWS_SECRET_ACCESS_KEY secretAccessKey SecretString PGPASSWORD dbpassword accesstoken authtoken
    sessionid clientsecret password1 newPassword2 token2 pass auth bearer passcode otp cvv sid code_verifier connectionString
    DATABASE_URL privatePem`.split(/\s+/),
  )('%s is sensitive', (key) => {
    expect(clean({ [key]: 'hush' })).toEqual({ [key]: '[redacted]' })
  })

  test.each(
    `author authority tokens maxTokens cookiesize secretary passenger keys id name sku status path obsession`.split(
      /\s+/,
    ),
  )('%s is not', (key) => {
    expect(clean({ [key]: 'shown' })).toEqual({ [key]: 'shown' })
  })

  test('may be added, and excepted', () => {
    expect(clean({ IBAN: 'x', i_ban: 'y', token: 'z' }, ['iban'])).toEqual({
      IBAN: '[redacted]',
      i_ban: '[redacted]',
      token: '[redacted]',
    })
    expect(clean({ iban: 'x', next_token: 'y', token: 'z' }, { add: ['iban'], except: ['nextToken'] })).toEqual({
      iban: '[redacted]',
      next_token: 'y',
      token: '[redacted]',
    })
    expect(clean({ token: 'x' }, false)).toEqual({ token: 'x' })
    expect(clean({ customerIban: 'x', 'x-iban-2': 'y', urban: 'z', ibanez: 'z' }, ['iban'])).toEqual({
      customerIban: '[redacted]',
      'x-iban-2': '[redacted]',
      urban: 'z',
      ibanez: 'z',
    })
    expect(clean({ homeAddress: 'x', address2: 'y', Ключ: 'z' }, ['address2', 'ключ'])).toEqual({
      homeAddress: 'x',
      address2: '[redacted]',
      Ключ: '[redacted]',
    })
    expect(clean({ token: 'x', accessToken: 'y' }, { except: ['token'] })).toEqual({
      token: 'x',
      accessToken: '[redacted]',
    })
  })
})

test('what is found at any depth is replaced, and nothing is changed of what was given', () => {
  const given = {
    a: [{ b: { password: 'x', c: 1 } }],
    headers: { authorization: ['x', 'y'] },
    map: new Map([['token', 'x']]),
    yes: { token: true, secret: null },
  }
  const before = structuredClone(given)
  expect(clean(given)).toEqual({
    a: [{ b: { password: '[redacted]', c: 1 } }],
    headers: { authorization: '[redacted]' },
    map: { token: '[redacted]' },
    yes: { token: true, secret: null },
  })
  expect(given).toEqual(before)
})

test('pairs and named values are seen through', () => {
  const pairs = [
    ['authorization', 'hush'],
    ['a', 'b'],
    ['password', true],
  ]
  expect(clean({ rawHeaders: pairs })).toEqual({
    rawHeaders: [
      ['authorization', '[redacted]'],
      ['a', 'b'],
      ['password', true],
    ],
  })
  expect(
    clean([
      { name: 'DB_PASSWORD', value: 'hush' },
      { Key: 'token', Value: 'hush' },
      { name: 'sku', value: 'A-1' },
    ]),
  ).toEqual([
    { name: 'DB_PASSWORD', value: '[redacted]' },
    { Key: 'token', Value: '[redacted]' },
    { name: 'sku', value: 'A-1' },
  ])
  expect(clean(['a', 'password', 'b'])).toEqual(['a', 'password', 'b'])
  expect(clean({ name: 'cookie', size: 5 })).toEqual({ name: 'cookie', size: 5 })
  expect(clean(['Host', 'x', 'Authorization', 'hush', 'a', 'b'])).toEqual([
    'Host',
    'x',
    'Authorization',
    '[redacted]',
    'a',
    'b',
  ])
  expect(
    clean([
      { header: 'cookie', values: ['hush'] },
      { ParameterKey: 'DbPassword', ParameterValue: 'hush' },
      { name: 'x', key: 'password', value: 'hush' },
    ]),
  ).toEqual([
    { header: 'cookie', values: '[redacted]' },
    { ParameterKey: 'DbPassword', ParameterValue: '[redacted]' },
    { name: 'x', key: 'password', value: '[redacted]' },
  ])
})

test('what needs no change is not copied', () => {
  const given = { a: [{ b: { c: 1 } }], date: 5 }
  expect(clean(given)).toBe(given)
})

test('what writes itself is cleaned as it writes itself', () => {
  const hush = { password: 'hush' }
  const self = { ...hush, toJSON: () => self as unknown }
  const made = Object.assign(() => {}, { toJSON: () => hush })
  expect(JSON.stringify(clean([{ toJSON: () => hush }, self, made, () => {}]))).toBe(
    '[{"password":"[redacted]"},{"password":"[redacted]"},{"password":"[redacted]"},null]',
  )
})

test('what is met twice is no circle', () => {
  const shared = { a: 1 }
  expect(clean({ x: shared, y: [shared, shared] })).toEqual({ x: { a: 1 }, y: [{ a: 1 }, { a: 1 }] })
  let grown: unknown = { bottom: 1 }
  for (let i = 0; i < 100; i++) grown = [grown, grown]
  expect(JSON.stringify(clean(grown)).length).toBeLessThan(1_000_000)
})

test('no secret gets through, wherever it stands', () => {
  const secret = 'hunter2-of-the-test'
  const key = fc.constantFrom('password', 'Authorization', 'stripe_secret', 'x-api-key', 'refreshToken')
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
    hidden: key.map((name) => ({ [name]: secret })),
    deep: key.chain((name) => tie('tree').map((inner) => ({ [name]: { inner, secret: [secret] } }))),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      tie('hidden'),
      tie('deep'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      expect(JSON.stringify(clean(value)) ?? '').not.toContain(secret)
    }),
    { numRuns: 500 },
  )
})

test('keys of a client do not fill the memory', () => {
  const isSensitive = sensitive([])
  for (let i = 0; i < 10_000; i++) isSensitive(`key-${i}`)
  expect(isSensitive('password')).toBe(true)
})

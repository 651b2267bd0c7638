import { expect, test } from 'vitest'
import type { SignedRequest } from './canonical.ts'
import { verify } from './sigv4.ts'

// AWS's own test suite for Signature Version 4: its credentials, its moment, its requests, its signatures.
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const now = Date.parse('2015-08-30T12:36:00Z')
const host = ['Host', 'example.amazonaws.com'] as const
const date = ['X-Amz-Date', '20150830T123600Z'] as const

type Header = readonly [string, string]

interface Vector {
  method?: string
  url?: string
  more?: Header[]
  body?: string
  signed?: string
  signature: string
}

function request({
  method = 'GET',
  url = '/',
  more = [],
  body,
  signed = 'host;x-amz-date',
  signature,
}: Vector): SignedRequest {
  const credential = 'AKIDEXAMPLE/20150830/us-east-1/service/aws4_request'
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`
  return {
    method,
    url,
    headers: [...more, host, date, ['Authorization', authorization]],
    ...(body !== undefined && { body }),
  }
}

const expected = { credentials, service: 'service', region: 'us-east-1', now }

const vanilla: Vector = { signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31' }
const form: Vector = {
  method: 'POST',
  more: [['Content-Type', 'application/x-www-form-urlencoded']],
  body: 'Param1=value1',
  signed: 'content-type;host;x-amz-date',
  signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
}

const vectors: Record<string, Vector> = {
  'get-vanilla': vanilla,
  'get-utf8': { url: '/ሴ', signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85' },
  'get-relative': { url: '/example/..', signature: vanilla.signature },
  'get-slashes-none': { url: '//', signature: vanilla.signature },
  'get-unreserved': {
    url: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  'get-vanilla-query-order-key-case': {
    url: '/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  'get-header-value-trim': {
    more: [
      ['My-Header1', ' value1'],
      ['My-Header2', ' "a   b   c"'],
    ],
    signed: 'host;my-header1;my-header2;x-amz-date',
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  'post-vanilla': { method: 'POST', signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b' },
  'post-header-key-sort': {
    method: 'POST',
    more: [['My-Header1', 'value1']],
    signed: 'host;my-header1;x-amz-date',
    signature: 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  },
  'post-x-www-form-urlencoded': form,
}

test.for(Object.keys(vectors))("AWS's test vector %s", (name) => {
  expect(verify(request(vectors[name]!), expected)).toEqual({ credentials, region: 'us-east-1', time: new Date(now) })
})

const invalid = 'InvalidSignatureException'

function refusal(changed: SignedRequest, other: Partial<typeof expected> = {}): string {
  try {
    verify(changed, { ...expected, ...other })
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'accepted'
}

test('whatever is changed after signing is noticed', () => {
  const genuine = request(form)
  expect(refusal(genuine)).toBe('accepted')
  const heads = (name: string, value: string) =>
    genuine.headers.map((header): Header => (header[0] === name ? [name, value] : header))
  const tampered: Record<string, SignedRequest> = {
    body: { ...genuine, body: 'Param1=value2' },
    method: { ...genuine, method: 'PUT' },
    path: { ...genuine, url: '/other' },
    query: { ...genuine, url: '/?a=b' },
    host: { ...genuine, headers: heads('Host', 'example.com') },
    type: { ...genuine, headers: heads('Content-Type', 'text/plain') },
    date: { ...genuine, headers: heads('X-Amz-Date', '20150830T123601Z') },
    repeated: { ...genuine, headers: [...genuine.headers, ['Host', 'example.com']] },
  }
  for (const [what, changed] of Object.entries(tampered)) {
    expect(`${what}: ${refusal(changed)}`).toContain('The request signature we calculated does not match')
  }
  const secretAccessKey = `${credentials.secretAccessKey}x`
  expect(refusal(genuine, { credentials: { ...credentials, secretAccessKey } })).toContain('does not match')
})

function changing(part: string | RegExp, to: string, vector = vanilla): SignedRequest {
  const genuine = request(vector)
  const headers = genuine.headers.map(([name, value]): Header => [name, value.replace(part, to)])
  return { ...genuine, headers }
}

test('the clock may be wrong by five minutes', () => {
  const at = (time: string) => refusal(request(vanilla), { now: Date.parse(time) })
  expect([at('2015-08-30T12:41:00Z'), at('2015-08-30T12:31:00Z')]).toEqual(['accepted', 'accepted'])
  expect(at('2015-08-30T12:41:01Z')).toBe(
    `${invalid}: Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)`,
  )
  expect(at('2015-08-30T12:30:59Z')).toBe(
    `${invalid}: Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)`,
  )
})

test('the scope is of this day, this region and this service', () => {
  const genuine = request(vanilla)
  expect(refusal(genuine, { service: 'ssm' })).toBe(
    `${invalid}: Credential should be scoped to correct service: 'ssm'. `,
  )
  expect(refusal(genuine, { region: 'eu-west-1' })).toBe(`${invalid}: Credential should be scoped to a valid region. `)
  expect(refusal(changing('aws4_request', 'aws5'))).toContain('valid terminator')
  expect(refusal(changing('/20150830/', '/20150831/'))).toContain(
    "does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150831' != '20150830'",
  )
  expect(refusal(changing('/aws4_request', ''))).toMatch(
    /^IncompleteSignatureException: Credential must have exactly 5/,
  )
})

test('the credentials are known, with their token, and not expired', () => {
  const unrecognized = 'UnrecognizedClientException: The security token included in the request is invalid.'
  expect(refusal(changing('AKIDEXAMPLE', 'AKIDOTHER'))).toBe(unrecognized)
  expect(refusal(request(vanilla), { credentials: { ...credentials, sessionToken: 't' } as typeof credentials })).toBe(
    unrecognized,
  )
  const expiresAt = now - 1000
  expect(refusal(request(vanilla), { credentials: { ...credentials, expiresAt } as typeof credentials })).toBe(
    'ExpiredTokenException: The security token included in the request is expired',
  )
})

test('the host and every x-amz header are signed', () => {
  const more: Header[] = [['X-Amz-Target', 'secretsmanager.GetSecretValue']]
  expect(refusal(request({ ...vanilla, more }))).toBe(
    `${invalid}: 'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.`,
  )
  expect(refusal(request({ ...vanilla, signed: 'x-amz-date' }))).toContain(
    `'Host' or ':authority' must be a 'SignedHeader'`,
  )
  expect(refusal(request({ ...vanilla, signed: 'host;x-amz-date;x-amz-target' }))).toContain(
    "'x-amz-target' is missing",
  )
  expect(refusal(request({ ...vanilla, signed: 'x-amz-date;host' }))).toContain('lower-case, sorted')
})

test('what is no signature of version 4 is named', () => {
  const { headers, ...rest } = request(vanilla)
  expect(refusal({ ...rest, headers: [host, date] })).toBe(
    'MissingAuthenticationTokenException: Missing Authentication Token',
  )
  expect(refusal(changing('AWS4-HMAC-SHA256', 'Bearer'))).toBe(
    "IncompleteSignatureException: Unsupported AWS 'algorithm': 'Bearer'.",
  )
  expect(refusal(changing(/, Signature=.*/, ''))).toContain("Authorization header requires 'Signature' parameter.")
  expect(refusal(changing(/^20150830T123600Z$/, 'today'))).toContain("Got 'today'")
  const undated = headers.filter(([name]) => name !== 'X-Amz-Date')
  expect(refusal({ ...rest, headers: undated })).toContain("requires existence of either a 'X-Amz-Date'")
})

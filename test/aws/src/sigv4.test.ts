import { Signer } from '@aws-sdk/rds-signer'
import { describe, expect, test } from 'vitest'
import { type Signed, verify, verifyPresigned } from './sigv4.ts'

// The request and its signature are those of AWS's own test suite: get-vanilla, and post-vanilla.
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const expected = { credentials, service: 'service', region: 'us-east-1', now: Date.parse('2015-08-30T12:36:00Z') }
const vanilla = (method: string, signature: string): Signed => ({
  method,
  url: '/',
  headers: {
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  },
  body: Buffer.from(''),
})
const get = vanilla('GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31')

describe('a signed request', () => {
  test('of the test suite is taken', () => {
    verify(get, expected)
    verify(vanilla('POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'), expected)
  })

  test.each<[string, Partial<Signed>, object, RegExp]>([
    ['another method', { method: 'PUT' }, {}, /does not match/],
    ['another path', { url: '/other' }, {}, /does not match/],
    ['a query', { url: '/?a=1' }, {}, /does not match/],
    ['another body', { body: Buffer.from('x') }, {}, /does not match/],
    ['another host', { headers: { ...get.headers, host: 'other' } }, {}, /does not match/],
    [
      'a host that is not signed',
      { headers: { ...get.headers, authorization: `${get.headers.authorization}`.replace('host;', '') } },
      {},
      /'host' must be/,
    ],
    ['a later time', {}, { now: expected.now + 301_000 }, /expired/],
    ['an earlier time', {}, { now: expected.now - 301_000 }, /not yet current/],
    ['another region', {}, { region: 'eu-west-1' }, /valid region/],
    ['another service', {}, { service: 'ssm' }, /correct service: 'ssm'/],
  ])('with %s is refused', (_, changed, other, words) => {
    expect(() => verify({ ...get, ...changed }, { ...expected, ...other })).toThrow(words)
  })
})

describe('a token of the signer of RDS', () => {
  const where = { service: 'rds-db', region: 'eu-west-1' }
  const own = { ...credentials, sessionToken: 'session/token+' }
  const token = () =>
    new Signer({
      hostname: 'proxy.example.com',
      port: 5432,
      username: 'app',
      region: where.region,
      credentials: own,
    }).getAuthToken()

  test('is taken for 15 minutes', async () => {
    const url = `https://${await token()}`
    verifyPresigned(url, { ...where, credentials: own })
    expect(() => verifyPresigned(url, { ...where, credentials: own, now: Date.now() + 901_000 })).toThrow(/expired/)
  })

  test('is refused when it is changed, or another’s', async () => {
    const url = `https://${await token()}`
    const refused = (changed: string, by = own) =>
      expect(() => verifyPresigned(changed, { ...where, credentials: by })).toThrow()
    refused(url.replace('DBUser=app', 'DBUser=root'))
    refused(url.replace('proxy.', 'other.'))
    refused(url.replace('Expires=900', 'Expires=9000'))
    refused(url, { ...own, secretAccessKey: 'other' })
    refused(url, { ...own, sessionToken: 'other' })
  })
})

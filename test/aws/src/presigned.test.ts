import { Signer } from '@aws-sdk/rds-signer'
import { expect, test } from 'vitest'
import { verifyPresigned } from './sigv4.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const session = { ...credentials, accessKeyId: 'ASIDEXAMPLE', sessionToken: 'a token+with/odd=characters' }
const expected = { credentials: [credentials, session], service: 'rds-db', region: 'eu-central-1' }

const tokenOf = (as = credentials) =>
  new Signer({
    hostname: 'db.example.com',
    port: 5432,
    username: 'app+user',
    region: 'eu-central-1',
    credentials: as,
  }).getAuthToken()

function refusal(token: string, other: Partial<typeof expected> & { now?: number } = {}): string {
  try {
    verifyPresigned(token, { ...expected, ...other })
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'accepted'
}

test("RDS's IAM token, with and without a session token", async () => {
  for (const as of [credentials, session]) {
    const { host, parameters, region, time, expires, credentials: of } = verifyPresigned(await tokenOf(as), expected)
    expect([host, region, of]).toEqual(['db.example.com:5432', 'eu-central-1', as])
    expect(parameters.get('Action')).toBe('connect')
    expect(parameters.get('DBUser')).toBe('app+user')
    expect(expires.getTime() - time.getTime()).toBe(900_000)
  }
  expect(refusal(`https://${await tokenOf()}`)).toBe('accepted')
})

test('the token is for fifteen minutes', async () => {
  const token = await tokenOf()
  const { expires, time } = verifyPresigned(token, expected)
  expect(refusal(token, { now: expires.getTime() })).toBe('accepted')
  expect(refusal(token, { now: expires.getTime() + 1000 })).toContain('InvalidSignatureException: Signature expired')
  expect(refusal(token, { now: time.getTime() - 301_000 })).toContain('Signature not yet current')
})

test('a token for another user, host, port, region, service or secret key is refused', async () => {
  const token = await tokenOf(session)
  const tampered = [
    token.replace('app%2Buser', 'admin'),
    token.replace('db.example.com', 'other.example.com'),
    token.replace(':5432', ':5433'),
    token.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000'),
    token.replace('Action=connect', 'Action=other'),
    `${token}&more=1`,
  ]
  for (const each of tampered) {
    expect(each).not.toBe(token)
    expect(refusal(each)).toContain('The request signature we calculated does not match')
  }
  expect(refusal(token, { credentials: [{ ...session, secretAccessKey: 'other' }] })).toContain('does not match')
  expect(refusal(token, { region: 'us-east-1' })).toContain('valid region')
  expect(refusal(token, { service: 'elasticache' })).toContain("correct service: 'elasticache'")
  expect(refusal(token, { credentials: [credentials] })).toContain('UnrecognizedClientException')
  expect(refusal(token.replace(/&X-Amz-Security-Token=[^&]*/, ''))).toContain('UnrecognizedClientException')
  const expired = [{ ...session, expiresAt: Date.now() }]
  expect(refusal(token, { credentials: expired })).toContain('ExpiredTokenException')
})

test('what is no token is named', async () => {
  const token = await tokenOf()
  expect(refusal('hunter2')).toContain('no presigned request')
  expect(refusal('db.example.com:5432/')).toContain("must include 'X-Amz-Algorithm' once")
  expect(refusal(token.replace('AWS4-HMAC-SHA256', 'MD5'))).toContain("Unsupported AWS 'algorithm': 'MD5'")
  expect(refusal(`${token}&X-Amz-Expires=90000`)).toContain("must include 'X-Amz-Expires' once")
  for (const seconds of ['0', '604801', 'long']) {
    expect(refusal(token.replace('X-Amz-Expires=900', `X-Amz-Expires=${seconds}`))).toContain('between 1 and 604800')
  }
  expect(refusal(token.replace('SignedHeaders=host', 'SignedHeaders=x'))).toContain("must be a 'SignedHeader'")
})

import { Signer } from '@aws-sdk/rds-signer'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { elastiCacheToken, presign, rdsToken } from './tokens.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

test('an RDS token is that of @aws-sdk/rds-signer, byte for byte', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await fc.assert(
    fc.asyncProperty(
      fc.domain(),
      fc.integer({ min: 1, max: 65_535 }),
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.option(fc.base64String({ minLength: 1 }), { nil: undefined }),
      fc.date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
      async (host, port, user, sessionToken, now) => {
        vi.setSystemTime(now)
        const options = { region: 'eu-west-1', credentials: { ...credentials, sessionToken } as typeof credentials }
        const theirs = await new Signer({ ...options, hostname: host, port, username: user }).getAuthToken()
        expect(await rdsToken({ ...options, host, port, user })).toBe(theirs)
      },
    ),
  )
})

test('an ElastiCache token names the cache, the user and, if so, that it is serverless', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T12:00:00Z') })
  const options = { cache: 'Orders', user: 'app', region: 'eu-west-1', credentials }
  expect(await elastiCacheToken(options)).toMatchInlineSnapshot(
    `"orders/?Action=connect&User=app&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261124%2Feu-west-1%2Felasticache%2Faws4_request&X-Amz-Date=20261124T120000Z&X-Amz-Expires=900&X-Amz-Signature=d81c7404dbb5ecae3e89b288db9ca2e2d99187aa911020be69621b3fdd82c435&X-Amz-SignedHeaders=host"`,
  )
  expect(await elastiCacheToken({ ...options, serverless: true })).toContain('&ResourceType=ServerlessCache&')
})

test('tokens need credentials and a region, and say where they come from', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'])
    vi.stubEnv(name, '')
  const options = { host: 'db', port: 5432, user: 'app' }
  await expect(rdsToken({ ...options, region: 'eu-west-1' })).rejects.toThrow(
    'no credentials to sign with: there are none in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)',
  )
  await expect(rdsToken({ ...options, credentials })).rejects.toThrow('no AWS region: set AWS_REGION')
})

test('options are checked', async () => {
  const options = { service: 'x', host: 'h', query: {}, credentials, region: 'eu-west-1' }
  await expect(presign({ ...options, expire: 5 } as never)).rejects.toThrow('did you mean `expires`?')
  await expect(presign({ ...options, credentials: {} as never })).rejects.toThrow(
    '`credentials` must be, or give, { accessKeyId, secretAccessKey, sessionToken? }',
  )
})

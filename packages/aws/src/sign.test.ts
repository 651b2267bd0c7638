import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { presigned, signed } from './sign.ts'

/** What AWS's own signer hashes by. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>
  constructor(key?: Uint8Array | string) {
    this.#hash = key ? createHmac('sha256', key) : createHash('sha256')
  }
  update(data: Uint8Array) {
    this.#hash.update(data)
  }
  async digest() {
    return this.#hash.digest()
  }
  reset() {}
}

const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
  secretAccessKey: fc.stringMatching(/^[A-Za-z0-9/+]{40}$/),
  sessionToken: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
})
const scope = fc.record({
  service: fc.constantFrom('secretsmanager', 'ssm', 'kms', 'rds-db'),
  region: fc.constantFrom('eu-west-1', 'us-gov-west-1', 'cn-north-1'),
  at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
})
const host = fc.domain()
const official = (options: { service: string; region: string }, credentials: object) =>
  new SignatureV4({ ...options, credentials: credentials as never, sha256: Sha256 as never, applyChecksum: false })

test('requests are signed as by AWS’s own signer', async () => {
  const header = fc.stringMatching(/^[ a-zA-Z0-9.;=/-]{1,30}$/)
  await fc.assert(
    fc.asyncProperty(credentials, scope, host, fc.string(), header, async (credentials, scope, host, body, target) => {
      const headers = { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
      const request = { method: 'POST', path: '/', headers, body }
      const theirs = await official(scope, credentials).sign(
        { ...request, hostname: host, protocol: 'https:' },
        { signingDate: scope.at },
      )
      expect(signed(request, credentials, scope)).toEqual(theirs.headers)
    }),
  )
})

test('and presigned', async () => {
  const query = fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z]{0,8}$/), fc.string({ unit: 'grapheme', minLength: 1 }))
  await fc.assert(
    fc.asyncProperty(credentials, scope, host, query, async (credentials, scope, host, query) => {
      const theirs = await official(scope, credentials).presign(
        { method: 'GET', protocol: 'https:', hostname: host, path: '/', query: { ...query }, headers: { host } },
        { expiresIn: 900, signingDate: scope.at },
      )
      const ours = new URL(`https://${presigned({ ...scope, host, query, expires: 900 }, credentials)}`)
      expect(Object.fromEntries(ours.searchParams)).toEqual(theirs.query)
    }),
  )
})

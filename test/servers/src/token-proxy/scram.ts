import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), for passwords in ASCII. */
export function scram(password: string) {
  const nonce = randomBytes(18).toString('base64')
  const firstBare = `n=,r=${nonce}`
  return {
    first: `n,,${firstBare}`,
    /** The answer to the server's challenge. */
    final(challenge: string): string {
      const [, joined = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(challenge) ?? []
      if (!joined.startsWith(nonce)) throw new Error('the server has answered another client')
      const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
      const clientKey = hmac(salted, 'Client Key')
      const storedKey = createHash('sha256').update(clientKey).digest()
      const withoutProof = `c=biws,r=${joined}`
      const signature = hmac(storedKey, `${firstBare},${challenge},${withoutProof}`)
      const proof = clientKey.map((byte, index) => byte ^ signature[index]!)
      return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
    },
  }
}

import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { ServiceError } from './service-error.ts'

/** The members of the requests. */
interface Input {
  readonly Plaintext: string
  readonly CiphertextBlob: string
  readonly EncryptionContext?: EncryptionContext
}
type EncryptionContext = Readonly<Record<string, string>>

/** KMS with one key of its own, by which what it encrypts can be decrypted in the same context alone. */
export class Kms {
  readonly #secret = randomBytes(32)
  readonly keyId: string = randomUUID()
  readonly #arn: string

  constructor(region: string) {
    this.#arn = `arn:aws:kms:${region}:123456789012:key/${this.keyId}`
  }

  /** The ciphertext in base64, as Lambda keeps it in an environment variable. */
  encrypt(plaintext: string | Uint8Array, context: EncryptionContext = {}): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#secret, nonce).setAAD(bound(context))
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64')
  }

  readonly operations: { readonly [operation: string]: (input: Input) => object } = {
    Encrypt: ({ Plaintext, EncryptionContext }) => ({
      CiphertextBlob: this.encrypt(Buffer.from(Plaintext, 'base64'), EncryptionContext),
      KeyId: this.#arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    }),
    Decrypt: ({ CiphertextBlob, EncryptionContext }) => {
      try {
        const bytes = Buffer.from(CiphertextBlob, 'base64')
        const decipher = createDecipheriv('aes-256-gcm', this.#secret, bytes.subarray(0, 12))
          .setAAD(bound(EncryptionContext ?? {}))
          .setAuthTag(bytes.subarray(-16))
        const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
        return { Plaintext: plain.toString('base64'), KeyId: this.#arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
      } catch {
        throw new ServiceError('InvalidCiphertextException', '')
      }
    },
  }
}

const bound = (context: EncryptionContext): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(context).sort()))
    .digest()

import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { AwsError } from './aws-error.ts'
import { type Caller, type Input, optionalBytes, optionalText, type Service } from './service.ts'

export type EncryptionContext = Readonly<Record<string, string>>

export interface KmsKey {
  readonly id: string
  readonly arn: string
  readonly alias?: string
}

const versionByte = 1
const ivLength = 12
const tagLength = 16
const headLength = 1 + 16

/** KMS: AES-256-GCM under keys that never leave it, the encryption context authenticated with what is encrypted. */
export class Kms implements Service {
  readonly name = 'kms'
  readonly target = 'TrentService'
  readonly messageKey = 'message'
  readonly operations: Service['operations'] = {
    CreateKey: (input, caller) => this.#create(input, caller),
    Encrypt: (input, caller) => this.#encrypt(input, caller),
    Decrypt: (input, caller) => this.#decrypt(input, caller),
  }
  readonly #keys = new Map<string, KmsKey & { material: Buffer; createdAt: Date; description: string }>()
  readonly #arnPrefix: string
  /** A key that is there from the beginning. */
  readonly keyId: string

  constructor(region: string, account: string) {
    this.#arnPrefix = `arn:aws:kms:${region}:${account}:`
    this.keyId = this.key().id
  }

  /** Makes a key, or gives the one that has this alias already. */
  key(options: { alias?: string; description?: string } = {}): KmsKey {
    const alias = options.alias?.replace(/^(alias\/)?/, 'alias/')
    const existing = alias && [...this.#keys.values()].find((key) => key.alias === alias)
    if (existing) return existing
    const id = randomUUID()
    const key = {
      id,
      arn: `${this.#arnPrefix}key/${id}`,
      ...(alias && { alias }),
      material: randomBytes(32),
      createdAt: new Date(),
      description: options.description ?? '',
    }
    this.#keys.set(id, key)
    return { id, arn: key.arn, ...(alias && { alias }) }
  }

  /** What `Encrypt` gives, in base64: so Lambda's console writes an environment variable. */
  encrypt(plaintext: string | Uint8Array, context: EncryptionContext = {}, key: KmsKey | string = this.keyId): string {
    return this.#seal(plaintext, context, key).toString('base64')
  }

  #seal(plaintext: string | Uint8Array, context: EncryptionContext, key: KmsKey | string): Buffer {
    const { id, material } = this.#find(typeof key === 'string' ? key : key.id)
    const iv = randomBytes(ivLength)
    const cipher = createCipheriv('aes-256-gcm', material, iv).setAAD(authenticated(context))
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
    const head = Buffer.concat([Buffer.of(versionByte), Buffer.from(id.replaceAll('-', ''), 'hex')])
    return Buffer.concat([head, iv, cipher.getAuthTag(), sealed])
  }

  /** @throws {AwsError} `InvalidCiphertextException`, also when the context is another. */
  decrypt(blob: Uint8Array, context: EncryptionContext = {}): { plaintext: Uint8Array; key: KmsKey } {
    const bytes = Buffer.from(blob)
    const hex = bytes.subarray(1, headLength).toString('hex')
    const key = this.#keys.get(hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5'))
    if (bytes[0] !== versionByte || !key || bytes.length < headLength + ivLength + tagLength) throw invalidCiphertext()
    const iv = bytes.subarray(headLength, headLength + ivLength)
    const tag = bytes.subarray(headLength + ivLength, headLength + ivLength + tagLength)
    const decipher = createDecipheriv('aes-256-gcm', key.material, iv).setAAD(authenticated(context)).setAuthTag(tag)
    const opened = decipher.update(bytes.subarray(headLength + ivLength + tagLength))
    try {
      return { plaintext: Buffer.concat([opened, decipher.final()]), key }
    } catch {
      throw invalidCiphertext()
    }
  }

  #create(input: Input, caller: Caller): object {
    caller.authorize('kms:CreateKey', '*')
    const { id } = this.key({ description: optionalText(input, 'Description') ?? '' })
    const { arn, createdAt, description } = this.#find(id)
    return {
      KeyMetadata: {
        AWSAccountId: arn.split(':')[4],
        KeyId: id,
        Arn: arn,
        CreationDate: createdAt,
        Enabled: true,
        Description: description,
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeyState: 'Enabled',
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        KeySpec: 'SYMMETRIC_DEFAULT',
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        MultiRegion: false,
      },
    }
  }

  #encrypt(input: Input, caller: Caller): object {
    const key = this.#find(optionalText(input, 'KeyId') ?? '')
    caller.authorize('kms:Encrypt', key.arn)
    const plaintext = optionalBytes(input, 'Plaintext') ?? new Uint8Array()
    if (plaintext.length < 1 || plaintext.length > 4096) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and 4096`,
      )
    }
    const blob = this.#seal(plaintext, contextOf(input), key.id)
    return { KeyId: key.arn, CiphertextBlob: blob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
  }

  #decrypt(input: Input, caller: Caller): object {
    const { plaintext, key } = this.decrypt(
      optionalBytes(input, 'CiphertextBlob') ?? new Uint8Array(),
      contextOf(input),
    )
    caller.authorize('kms:Decrypt', key.arn)
    const wanted = optionalText(input, 'KeyId')
    if (wanted && this.#find(wanted).id !== key.id) {
      throw new AwsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      )
    }
    return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
  }

  /** By id, ARN of the key, alias or ARN of the alias. */
  #find(name: string) {
    const bare = name.startsWith(this.#arnPrefix) ? name.slice(this.#arnPrefix.length) : name
    const key = [...this.#keys.values()].find(({ id, alias }) => bare === alias || bare.replace(/^key\//, '') === id)
    if (key) return key
    const arn = `${this.#arnPrefix}${bare.startsWith('alias/') || bare.startsWith('key/') ? bare : `key/${bare}`}`
    throw new AwsError(
      'NotFoundException',
      bare.startsWith('alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`,
    )
  }
}

const authenticated = (context: EncryptionContext): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))))

function contextOf(input: Input): EncryptionContext {
  const context = (input.EncryptionContext ?? {}) as EncryptionContext
  if (typeof context === 'object' && Object.values(context).every((value) => typeof value === 'string')) return context
  throw new AwsError('SerializationException', 'EncryptionContext must be a map of strings')
}

const invalidCiphertext = (): AwsError => new AwsError('InvalidCiphertextException')

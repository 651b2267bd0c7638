import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { expect, test } from 'vitest'
import { type Aws, startAws } from './index.ts'

function clientOf({ endpoint, region, credentials }: Aws): KMSClient {
  return new KMSClient({ endpoint, region, credentials, maxAttempts: 1 })
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

test('what a key encrypts, it decrypts, and only in its context', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: 'mine' }))
  expect(KeyMetadata).toMatchObject({ Description: 'mine', Enabled: true })
  const context = { LambdaFunctionName: 'orders', b: '2' }
  const sealed = await client.send(
    new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: bytes('hunter2'), EncryptionContext: context }),
  )
  expect(Buffer.from(sealed.CiphertextBlob ?? []).includes('hunter2')).toBe(false)
  const decrypt = (blob?: Uint8Array, EncryptionContext?: Record<string, string>, KeyId?: string) =>
    client.send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext, KeyId }))
  const opened = await decrypt(sealed.CiphertextBlob, { b: '2', LambdaFunctionName: 'orders' })
  expect([Buffer.from(opened.Plaintext ?? []).toString(), opened.KeyId]).toEqual(['hunter2', KeyMetadata?.Arn])

  const invalid = { name: 'InvalidCiphertextException' }
  await expect(decrypt(sealed.CiphertextBlob)).rejects.toMatchObject(invalid)
  await expect(decrypt(sealed.CiphertextBlob, { ...context, b: '3' })).rejects.toMatchObject(invalid)
  await expect(decrypt(bytes('nothing of ours'))).rejects.toMatchObject(invalid)
  const flipped = Buffer.from(sealed.CiphertextBlob ?? [])
  flipped[flipped.length - 1]! ^= 1
  await expect(decrypt(flipped, context)).rejects.toMatchObject(invalid)
  const other = aws.kms.key()
  await expect(decrypt(sealed.CiphertextBlob, context, other.arn)).rejects.toMatchObject({
    name: 'IncorrectKeyException',
  })
})

test("an environment variable as Lambda's console encrypts it", async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const key = aws.kms.key({ alias: 'orders' })
  const context = { LambdaFunctionName: 'orders' }
  const variable = aws.kms.encrypt('hunter2', context, key)
  const decrypt = () =>
    client.send(new DecryptCommand({ CiphertextBlob: Buffer.from(variable, 'base64'), EncryptionContext: context }))
  expect(Buffer.from((await decrypt()).Plaintext ?? []).toString()).toBe('hunter2')
  aws.deny('kms:Decrypt', key.arn)
  await expect(decrypt()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`kms:Decrypt on resource: ${key.arn} because`),
  })
})

test('keys by alias, and those that are none', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const { arn } = aws.kms.key({ alias: 'orders' })
  expect(aws.kms.key({ alias: 'alias/orders' }).arn).toBe(arn)
  const encrypt = (KeyId: string, text = 'x') => client.send(new EncryptCommand({ KeyId, Plaintext: bytes(text) }))
  const aliasArn = 'arn:aws:kms:eu-west-1:123456789012:alias/'
  for (const name of ['alias/orders', `${aliasArn}orders`, arn]) expect((await encrypt(name)).KeyId).toBe(arn)
  const notFound = (message: string) => ({ name: 'NotFoundException', message })
  await expect(encrypt('alias/none')).rejects.toMatchObject(notFound(`Alias ${aliasArn}none is not found.`))
  await expect(encrypt('none')).rejects.toMatchObject(
    notFound(`Key 'arn:aws:kms:eu-west-1:123456789012:key/none' does not exist`),
  )
  await expect(encrypt(arn, 'x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' })
})

import {
  GetParameterCommand,
  GetParametersByPathCommand,
  type GetParametersByPathCommandInput,
  GetParametersCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { type Aws, startAws } from './index.ts'

function clientOf({ endpoint, region, credentials }: Aws): SSMClient {
  return new SSMClient({ endpoint, region, credentials, maxAttempts: 1 })
}

test('versions and labels', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const get = async (Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter
  await client.send(new PutParameterCommand({ Name: '/app/level', Value: 'info', Type: 'String' }))
  const again = { Name: '/app/level', Value: 'debug' }
  await expect(client.send(new PutParameterCommand(again))).rejects.toMatchObject({
    name: 'ParameterAlreadyExists',
    message: expect.stringContaining('set the overwrite option'),
  })
  const { Version } = await client.send(new PutParameterCommand({ ...again, Overwrite: true }))
  expect(Version).toBe(2)
  const label = { Name: '/app/level', Labels: ['live', 'awsNo'] }
  const labelled = await client.send(new LabelParameterVersionCommand({ ...label, ParameterVersion: 1 }))
  expect(labelled).toMatchObject({ InvalidLabels: ['awsNo'], ParameterVersion: 1 })

  expect(await get('/app/level')).toMatchObject({ Value: 'debug', Version: 2, Type: 'String', DataType: 'text' })
  expect(await get('/app/level:1')).toMatchObject({ Name: '/app/level', Value: 'info', Selector: ':1' })
  expect(await get('/app/level:live')).toMatchObject({ Value: 'info', Version: 1 })
  await client.send(new LabelParameterVersionCommand(label))
  expect(await get('/app/level:live')).toMatchObject({ Value: 'debug', Version: 2 })
  expect(await get('arn:aws:ssm:eu-west-1:123456789012:parameter/app/level')).toMatchObject({ Value: 'debug' })

  await expect(get('/app/level:9')).rejects.toMatchObject({
    name: 'ParameterVersionNotFound',
    message: 'Systems Manager could not find version 9 of /app/level. Verify the version and try again.',
  })
  // The service says nothing beside the code.
  await expect(get('/missing')).rejects.toMatchObject({ name: 'ParameterNotFound', $metadata: { httpStatusCode: 400 } })
})

test('a list and a secure string, which stays encrypted unless decryption is asked for and permitted', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const get = async (Name: string, WithDecryption?: boolean) =>
    (await client.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter
  aws.parameters.put('list', ['a', 'b'])
  aws.parameters.put('secret', 'hunter2', { type: 'SecureString', labels: ['live'] })
  expect(await get('list')).toMatchObject({ Type: 'StringList', Value: 'a,b' })
  expect(await get('secret:live', true)).toMatchObject({ Type: 'SecureString', Value: 'hunter2' })
  const sealed = (await get('secret'))?.Value ?? ''
  const context = { PARAMETER_ARN: 'arn:aws:ssm:eu-west-1:123456789012:parameter/secret' }
  expect(Buffer.from(aws.kms.decrypt(Buffer.from(sealed, 'base64'), context).plaintext).toString()).toBe('hunter2')
  const lift = aws.deny('kms:Decrypt')
  await expect(get('secret', true)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:'),
  })
  lift()
  expect(await get('secret', true)).toMatchObject({ Value: 'hunter2' })
})

test('GetParameters: at most 10, those that are none apart', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  aws.parameters.put('a', '1')
  aws.parameters.put('/b', '2')
  const many = (Names: string[]) => client.send(new GetParametersCommand({ Names }))
  const { Parameters, InvalidParameters } = await many(['a', '/b', 'c', 'a:7'])
  expect(Parameters?.map(({ Value }) => Value)).toEqual(['1', '2'])
  expect(InvalidParameters).toEqual(['c', 'a:7'])
  await expect(many(Array.from({ length: 11 }, (_, i) => `p${i}`))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/at 'names' failed to satisfy constraint: .* less than or equal to 10$/),
  })
  aws.deny('ssm:GetParameters', 'arn:aws:ssm:*:parameter/b')
  expect((await many(['a'])).Parameters).toHaveLength(1)
  await expect(many(['a', '/b'])).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/b '),
  })
})

test('a parameter is denied by name, with or without its first slash, by ARN and by pattern', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  for (const name of ['plain', '/app/key']) {
    aws.parameters.put(name, 'v')
    const bare = name.replace(/^\//, '')
    for (const resource of [name, bare, `/${bare}`, `arn:aws:ssm:*:parameter/${bare}`, `*${bare.slice(1)}`]) {
      const lift = aws.deny('GetParameter', resource)
      const get = () => client.send(new GetParameterCommand({ Name: `${name}:1` }))
      await expect(get()).rejects.toMatchObject({ name: 'AccessDeniedException' })
      lift()
      expect((await get()).Parameter?.Value).toBe('v')
    }
  }
})

test('GetParametersByPath: one level or all, in pages', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const byPath = async (input: Omit<GetParametersByPathCommandInput, 'Path'>) => {
    const { Parameters = [], NextToken } = await client.send(new GetParametersByPathCommand({ Path: '/app', ...input }))
    return { names: Parameters.map(({ Name }) => Name), values: Parameters.map(({ Value }) => Value), NextToken }
  }
  for (const name of ['/app/c', '/app/a', '/app/b/deep', '/apple', '/app']) aws.parameters.put(name, name)
  aws.parameters.put('/app/s', 'hunter2', { type: 'SecureString' })
  expect((await byPath({})).names).toEqual(['/app/a', '/app/c', '/app/s'])
  expect((await byPath({ WithDecryption: true })).values).toContain('hunter2')
  const first = await byPath({ Recursive: true, MaxResults: 3 })
  expect(first.names).toEqual(['/app/a', '/app/b/deep', '/app/c'])
  const { names, NextToken } = await byPath({ Recursive: true, MaxResults: 3, NextToken: first.NextToken })
  expect([names, NextToken]).toEqual([['/app/s'], undefined])
  aws.parameters.pageSize = 1
  expect((await byPath({ MaxResults: 10 })).names).toEqual(['/app/a'])

  await expect(byPath({ NextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidNextToken' })
  await expect(byPath({ MaxResults: 11 })).rejects.toThrow("Value '11' at 'maxResults'")
  await expect(client.send(new GetParametersByPathCommand({ Path: 'app' }))).rejects.toThrow('forward slash')
})

test('what cannot be a parameter', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const put = (Value: string, Type?: string) =>
    client.send(new PutParameterCommand({ Name: 'p', Value, Type: Type as 'String' }))
  await expect(put('x')).rejects.toThrow('A parameter type is required')
  await expect(put('x', 'Number')).rejects.toMatchObject({ name: 'UnsupportedParameterType' })
  await expect(put('x'.repeat(4097), 'String')).rejects.toThrow('maximum parameter value of 4096 characters')
  expect(() => aws.parameters.put('p', 'x', { labels: ['1st'] })).toThrow("'1st' cannot be a label")
})

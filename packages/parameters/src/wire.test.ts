import { expect, test } from 'vitest'
import { overCalls } from './wire.ts'

const { signal } = new AbortController()

test.each([{}, { Parameters: 'x' }, { Parameters: null }])(
  'an answer that lists no parameters is none, and says nothing of what is there: %j',
  async (answer) => {
    const { getMany, getPath, get } = overCalls(async () => answer as never)
    const failure = { name: 'AwsError', code: 'InvalidAnswer' }
    await expect(getMany(['/a'], signal)).rejects.toMatchObject(failure)
    await expect(get({ name: '/a' }, signal)).rejects.toMatchObject(failure)
    await expect(getPath('/a/', signal)).rejects.toMatchObject(failure)
  },
)

test('values are told by their names, whatever order they come in and whatever else comes', async () => {
  const { getMany } = overCalls(async (_, { Names }: { Names?: readonly string[] }) => ({
    Parameters: [
      { Name: '/other', Value: 'x' },
      ...(Names ?? []).map((Name) => ({ Name, Value: `of ${Name}` })).reverse(),
    ],
  }))
  expect(await getMany(['/a', '/b', '/c'], signal)).toEqual(['of /a', 'of /b', 'of /c'])
})

test('one that is there without a value is not there', async () => {
  const { get } = overCalls(async () => ({ Parameters: [{ Name: '/a' }] }))
  await expect(get({ name: '/a' }, signal)).rejects.toMatchObject({ code: 'ParameterNotFound' })
})

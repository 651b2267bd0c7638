import { expect, onTestFinished, test } from 'vitest'
import { LocalServer } from './server.ts'
import { send } from './testing.ts'

test('a request that goes wrong is cut off, and the others are served', async () => {
  const serve = async () => {
    throw new Error('unforeseen')
  }
  const server = new LocalServer({ serve }, { serve: async (_, response) => void response.end('served') })
  onTestFinished(() => server.close())
  const url = await server.listen(0, '127.0.0.1')
  await expect(send(url, '/')).rejects.toThrow('socket hang up')
  const answer = await send(url, '/2015-03-31/functions/f/invocations', { method: 'POST' })
  expect(answer.body.toString()).toBe('served')
  const broken = new LocalServer({ serve: async (_, response) => void response.end('served') }, { serve })
  onTestFinished(() => broken.close())
  const other = await broken.listen(0, '127.0.0.1')
  await expect(send(other, '/2015-03-31/functions/f/invocations', { method: 'POST' })).rejects.toThrow('socket hang up')
  expect((await send(other, '/')).body.toString()).toBe('served')
})

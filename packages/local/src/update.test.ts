import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localLambda } from './local.ts'
import { processesWith, running, taskRoot, until } from './testing.ts'

const answering = (text: string, before = '') =>
  taskRoot({ 'index.mjs': `${before}; export const handler = async () => '${text}'` })
const payload = (result: { payload: string }) => JSON.parse(result.payload) as unknown

test('new code serves once its INIT is done; until then the old does', async () => {
  const { lambda } = await running({ f: "export const handler = async () => 'old'" })
  await lambda.invoke('f')
  const code = await answering('new', 'await new Promise(r => setTimeout(r, 300))')
  const updating = lambda.update('f', { code })
  expect(payload(await lambda.invoke('f'))).toBe('old')
  expect(payload(await lambda.invoke('f'))).toBe('old')
  expect((await updating).superseded).toBe(false)
  expect(payload(await lambda.invoke('f'))).toBe('new')
  await until(() => lambda.functions[0]!.environments.length === 1)
  expect(lambda.functions[0]!.options.code).toBe(code)
})

test('what is under way ends on the old code, and its environment with it', async () => {
  const { lambda } = await running({
    f: "export const handler = async () => { await new Promise(r => setTimeout(r, 700)); return 'old' }",
  })
  await lambda.warm('f')
  const open = lambda.invoke('f')
  await lambda.update('f', { code: await answering('new') })
  expect(payload(await lambda.invoke('f'))).toBe('new')
  expect(lambda.functions[0]!.environments).toHaveLength(2)
  expect(payload(await open)).toBe('old')
  await until(() => lambda.functions[0]!.environments.length === 1)
})

test('new code that fails at INIT: rejected, reported, and the old code serves on, new environments too', async () => {
  const { lambda, events } = await running({
    f: "export const handler = async () => { await new Promise(r => setTimeout(r, 50)); return 'old' }",
  })
  await lambda.invoke('f')
  const code = await answering('new', "throw new TypeError('broken')")
  await expect(lambda.update('f', { code })).rejects.toMatchObject({
    name: 'TypeError',
    message: 'broken',
    stack: expect.stringContaining('index.mjs'),
  })
  expect(events.filter(({ type }) => type === 'initError')).toMatchObject([
    { errorType: 'TypeError', errorMessage: 'broken' },
  ])
  const both = await Promise.all([lambda.invoke('f'), lambda.invoke('f')])
  expect(both.map(payload)).toEqual(['old', 'old'])
  await lambda.update('f', { code: await answering('mended') })
  expect(payload(await lambda.invoke('f'))).toBe('mended')
})

test('code that never served is no better than other code that fails', async () => {
  const { lambda } = await running({ f: "throw new Error('first')" })
  await expect(lambda.warm('f')).rejects.toThrow('first')
  await expect(lambda.update('f', { code: await answering('', "throw new Error('second')") })).rejects.toThrow('second')
  expect(payload(await lambda.invoke('f'))).toMatchObject({ errorMessage: 'second' })
})

test('a newer update supersedes one whose INIT is not over', async () => {
  const mark = `mark-${process.pid}-${Date.now()}`
  const { lambda, events } = await running({
    f: { source: "export const handler = async () => 'old'", environment: { MARK: mark } },
  })
  await lambda.invoke('f')
  const slow = lambda.update('f', { code: await answering('slow', 'await new Promise(r => setTimeout(r, 60_000))') })
  await until(() => processesWith(mark).length === 2)
  const fast = await lambda.update('f', { code: await answering('fast') })
  expect(fast.superseded).toBe(false)
  expect((await slow).superseded).toBe(true)
  expect(payload(await lambda.invoke('f'))).toBe('fast')
  await until(() => processesWith(mark).length === 1)
  expect(events.filter(({ type }) => type === 'initError')).toEqual([])
})

test('under load no request fails while code changes again and again', async () => {
  const { lambda } = await running({ f: "export const handler = async () => 'v0'" })
  const url = await lambda.listen()
  let stop = false
  const seen = new Set<string>()
  const clients = Array.from({ length: 3 }, async () => {
    while (!stop) {
      const response = await fetch(url)
      expect(response.status).toBe(200)
      seen.add(await response.text())
    }
  })
  for (let i = 1; i <= 5; i++) {
    await lambda.update('f', { code: await answering(`v${i}`) })
    await until(() => seen.has(`v${i}`))
  }
  stop = true
  await Promise.all(clients)
  expect(seen.size).toBe(6)
  await until(() => lambda.functions[0]!.environments.length <= 3)
})

test('configuration changes too, and wrong ones are refused', async () => {
  const { lambda } = await running({
    f: 'export const handler = async (e, { memoryLimitInMB }) => [memoryLimitInMB, process.env.TABLE]',
  })
  await lambda.update('f', { memory: 1024, environment: { TABLE: 'orders' } })
  expect(payload(await lambda.invoke('f'))).toEqual(['1024', 'orders'])
  await expect(lambda.update('f', { memory: 1 })).rejects.toThrow('functions.f.memory')
  await expect(lambda.update('f', { http: '/x' } as never)).rejects.toThrow("functions.f.http can't be updated")
  await expect(lambda.update('g', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('update during close leaves nothing behind', async () => {
  const mark = `mark-${process.pid}-${Date.now()}`
  const code = await answering('old')
  const lambda = localLambda({ functions: { f: { code, handler: 'index.handler', environment: { MARK: mark } } } })
  await lambda.warm('f')
  await writeFile(join(code, 'index.mjs'), 'await new Promise(r => setTimeout(r, 60_000))')
  const updating = lambda.update('f', {}).catch((error: Error) => error)
  await until(() => processesWith(mark).length === 2)
  await lambda.close()
  expect(await updating).toBeInstanceOf(Error)
  expect(processesWith(mark)).toEqual([])
})

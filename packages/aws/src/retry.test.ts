import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Answering, answering, cutOff, fails, hangs, inFunction, json, raw } from '../test/answering.ts'
import { awsCalls } from './call.ts'

const service = { name: 'secretsmanager', target: 'secretsmanager', id: 'SECRETS_MANAGER' }
beforeEach(() => inFunction('secret'))
afterEach(() => {
  vi.unstubAllEnvs()
})
const call = awsCalls(service)

describe('what passes is called again', () => {
  test.each([
    ['cut off', cutOff],
    ['throttled', fails(400, 'ThrottlingException')],
    ['throttled by a number', raw(429, 'slow down')],
    ['down', raw(503, '<html>')],
    ['an internal error', fails(500, 'InternalServiceError')],
    ['an unheard-of fault of theirs', fails(500, 'Whatever')],
    ['garbage', raw(200, '<html>')],
    ['JSON that is no object', raw(200, '5')],
    [
      'cut short',
      ((response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"a":')
        setTimeout(() => response.destroy(), 10)
      }) as Answering,
    ],
  ])('%s', async (_, answer) => {
    const { received } = await answering(answer, answer, json(200, { ok: true }))
    expect(await call('GetSecretValue', {})).toEqual({ ok: true })
    expect(received.length).toBe(3)
  })

  test('on a connection that died unseen', async () => {
    const { sockets } = await answering(json(200, {}), cutOff, json(200, { again: true }))
    await call('GetSecretValue', {})
    expect(sockets.size).toBe(1)
    expect(await call('GetSecretValue', {})).toEqual({ again: true })
  })

  test('three times in all, or as often as is said', async () => {
    const { received } = await answering(fails(400, 'ThrottlingException'))
    await expect(call('GetSecretValue', {})).rejects.toMatchObject({ code: 'ThrottlingException', status: 400 })
    expect(received.length).toBe(3)
    await expect(awsCalls(service, { attempts: 1 })('GetSecretValue', {})).rejects.toThrow('ThrottlingException')
    expect(received.length).toBe(4)
  })
})

describe('credentials that AWS does not take', () => {
  const given = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 's', expiration: new Date('2099-01-01') })
  const refusing: Answering = (response, request) =>
    (request.headers.authorization?.includes('=OLD/') ? fails(400, 'ExpiredTokenException') : json(200, { ok: true }))(
      response,
      request,
      '',
    )

  test('are asked for anew, though they have not ended', async () => {
    const { received } = await answering(refusing)
    const source = vi.fn(async () => given(source.mock.calls.length > 1 ? 'NEW' : 'OLD'))
    const call = awsCalls(service, { credentials: source })
    expect(await call('GetSecretValue', {})).toEqual({ ok: true })
    expect(await call('GetSecretValue', {})).toEqual({ ok: true })
    expect(source).toHaveBeenCalledTimes(2)
    expect(received.length).toBe(3)
  })

  test.each([
    ['fixed ones', () => given('OLD')],
    ['ones that come again', () => async () => given('OLD')],
  ])('%s are not tried again', async (_, make) => {
    const { received } = await answering(refusing)
    const call = awsCalls(service, { credentials: make() })
    await expect(call('GetSecretValue', {})).rejects.toMatchObject({ code: 'ExpiredTokenException' })
    expect(received.length).toBe(1)
  })
})

describe('a signal', () => {
  test('ends the call while an answer is waited for', async () => {
    await answering(hangs)
    const controller = new AbortController()
    const reason = new Error('given up')
    const made = call('GetSecretValue', {}, controller.signal)
    setTimeout(() => controller.abort(reason), 100)
    await expect(made).rejects.toBe(reason)
  })

  test.each([
    ['between two attempts', [fails(400, 'ThrottlingException')]],
    ['in a later one', [fails(400, 'ThrottlingException'), hangs]],
  ])('ends it %s with what was answered last', async (_, answers) => {
    await answering(...answers)
    const controller = new AbortController()
    const made = awsCalls(service, { attempts: 1000 })('GetSecretValue', {}, controller.signal)
    setTimeout(() => controller.abort(new Error('given up')), 400)
    await expect(made).rejects.toMatchObject({ code: 'ThrottlingException' })
  })

  test('that has been given already sends nothing', async () => {
    const { received } = await answering(json(200, {}))
    await expect(call('GetSecretValue', {}, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up')
    expect(received).toEqual([])
  })
})

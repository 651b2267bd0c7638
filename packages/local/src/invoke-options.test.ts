import { expect, test } from 'vitest'
import { OptionsError } from './check.ts'
import type { LocalLambda } from './local.ts'
import { running, until } from './testing.ts'

const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic

test('a wrong option is refused before anything runs, and the environment stays free', async () => {
  const { lambda, events } = await running({ f: 'export const handler = async () => 1' })
  await lambda.invoke('f')
  const identity = { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' }
  for (const [options, message] of [
    [{ tenant: 't' }, 'unknown option `tenant`: did you mean `tenantId`?'],
    [{ requestId: 'r' }, 'unknown option `requestId`'],
    [{ tenantId: '☃' }, 'tenantId: expected 1 to 256 of A to Z, a to z, 0 to 9, space and _.:/=+-@, got "☃"'],
    [{ tenantId: 't\n' }, 'tenantId: expected'],
    [{ tenantId: 'x'.repeat(257) }, 'tenantId: expected'],
    [{ traceId: 'Root=1\r\nx: y' }, "traceId: expected a tracing header: 'Root=1-…'"],
    [{ traceId: '☃' }, 'traceId: expected'],
    [{ identity: { ...identity, cognitoIdentityPoolId: 1 } }, 'identity.cognitoIdentityPoolId: expected a text, got 1'],
    [{ identity: { cognitoIdentityId: 'i' } }, 'identity: option `cognitoIdentityPoolId` is missing'],
    [{ clientContext: 1n }, 'clientContext: expected what JSON can write, got 1'],
    [{ clientContext: cyclic }, "clientContext: expected what JSON can write, got what JSON can't write"],
    [{ clientContext: () => 1 }, 'clientContext: expected what JSON can write, got a function'],
    [{ tail: 'yes' }, 'tail: expected true or false, got "yes"'],
    [null, 'expected an object of options, got null'],
  ] as unknown as [Parameters<LocalLambda['invoke']>[2], string][]) {
    const refused = lambda.invoke('f', {}, options)
    await expect(refused).rejects.toBeInstanceOf(OptionsError)
    await expect(refused).rejects.toThrow(message)
  }
  expect(events.filter(({ type }) => type === 'start')).toHaveLength(1)
  await until(() => lambda.functions[0]!.environments.every(({ state }) => state === 'idle'))
  expect(lambda.functions[0]!.environments).toHaveLength(1)
})

test('an identity and a context of any letters arrive', async () => {
  const { lambda } = await running({
    f: 'export const handler = async (_, { clientContext, identity, tenantId }) => [clientContext, identity, tenantId]',
  })
  const identity = { cognitoIdentityId: 'ü☃', cognitoIdentityPoolId: '€' }
  const { payload } = await lambda.invoke('f', {}, { identity, clientContext: ['☃'], tenantId: 'a b:/=+-@_.' })
  expect(JSON.parse(payload)).toEqual([['☃'], identity, 'a b:/=+-@_.'])
})

test('the end of the log comes along where it is wanted', async () => {
  const { lambda } = await running({ f: "export const handler = async () => { console.log('said') }" })
  const { logResult = '' } = await lambda.invoke('f', {}, { tail: true })
  expect(Buffer.from(logResult, 'base64').toString()).toMatch(/START RequestId.*\n.*said\n(.*\n)*REPORT/)
  expect(await lambda.invoke('f')).not.toHaveProperty('logResult')
})

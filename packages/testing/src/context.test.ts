import { expect, test } from 'vitest'
import { fakeContext } from './index.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('a context has what Lambda gives, and an id of its own', () => {
  expect(fakeContext()).toEqual({
    awsRequestId: expect.stringMatching(uuid),
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'function',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
    logGroupName: '/aws/lambda/function',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST][0-9a-f]{32}$/),
    getRemainingTimeInMillis: expect.any(Function),
    done: expect.any(Function),
    fail: expect.any(Function),
    succeed: expect.any(Function),
  })
  expect(fakeContext().awsRequestId).not.toBe(fakeContext().awsRequestId)
})

test('what follows from a name follows it', () => {
  expect(fakeContext({ functionName: 'orders', functionVersion: '7' })).toMatchObject({
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
    logGroupName: '/aws/lambda/orders',
    logStreamName: expect.stringContaining('[7]'),
  })
})

test('every field may be another', () => {
  const fields = {
    awsRequestId: 'id',
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'orders',
    functionVersion: '1',
    memoryLimitInMB: '1024',
    invokedFunctionArn: 'arn',
    logGroupName: 'group',
    logStreamName: 'stream',
    tenantId: 'tenant',
    identity: { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' },
    clientContext: undefined,
    getRemainingTimeInMillis: () => 7,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  }
  const { clientContext: _, ...given } = fields
  expect(fakeContext(fields)).toEqual(given)
  expect(fakeContext({ awsRequestId: undefined }).awsRequestId).toMatch(uuid)
  expect(Object.keys(fakeContext({ tenantId: undefined }))).not.toContain('tenantId')
})

test('its time runs down, or stands still', async () => {
  const running = fakeContext({ timeout: 1000 })
  const frozen = fakeContext({ timeout: 1000, frozen: true })
  const over = fakeContext({ timeout: 1 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(running.getRemainingTimeInMillis()).toBeLessThan(1000)
  expect(frozen.getRemainingTimeInMillis()).toBe(1000)
  expect(over.getRemainingTimeInMillis()).toBe(0)
})

test('a typo is refused, and what no runtime does any more', () => {
  expect(() => fakeContext({ timeOut: 5 } as never)).toThrow(
    'fakeContext(): there is no option `timeOut`: did you mean `timeout`?',
  )
  expect(() => fakeContext({ timeout: -1 })).toThrow('`timeout` must be')
  expect(() => fakeContext().done()).toThrow('context.done() belongs to a runtime long gone')
})

import { expect, test } from 'vitest'
import { fakeContext } from './index.ts'

test('a context has what Lambda gives, and an id of its own', () => {
  expect(fakeContext({ functionName: 'orders', tenantId: 't' })).toMatchObject({
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    functionName: 'orders',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
    logGroupName: '/aws/lambda/orders',
    tenantId: 't',
  })
  expect(fakeContext().awsRequestId).not.toBe(fakeContext().awsRequestId)
})

test('its time runs down, or stands still', async () => {
  const running = fakeContext({ timeout: 1000 })
  const frozen = fakeContext({ timeout: 1000, frozen: true })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(running.getRemainingTimeInMillis()).toBeLessThan(1000)
  expect(frozen.getRemainingTimeInMillis()).toBe(1000)
  expect(fakeContext({ timeout: 0 }).getRemainingTimeInMillis()).toBe(0)
})

test('a typo is refused', () => {
  expect(() => fakeContext({ timeOut: 5 } as never)).toThrow(
    'fakeContext(): there is no option `timeOut`: did you mean `timeout`?',
  )
})

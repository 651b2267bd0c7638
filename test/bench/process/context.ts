/** Lambda's context, a new one for each invocation, as its runtime client makes it. */
export const context = (timeout = 30_000): object => {
  const end = Date.now() + timeout
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: 'orders',
    memoryLimitInMB: '1769',
    logGroupName: '/aws/lambda/orders',
    logStreamName: '2026/11/24/[$LATEST]0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
    awsRequestId: '8f5e8a36-3c5b-4b0f-9a51-7a3a4bfb1b1e',
    getRemainingTimeInMillis: () => end - Date.now(),
  }
}

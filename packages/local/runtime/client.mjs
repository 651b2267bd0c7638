// The runtime interface client for every day: takes invocations from the Runtime API, calls the handler, answers.
// Behaves as AWS's own (aws-lambda-ric 4), in plain JavaScript. Built-ins come by getBuiltinModule(): an ESM import of
// node:http alone would cost every cold start some 28 ms.

import { call, invocationPath, report, reportInit } from './api.mjs'
import { concurrency } from './concurrency.mjs'
import { logError, patchConsole } from './console.mjs'
import { runtimeError } from './errors.mjs'
import { inInvocation, setGlobals } from './globals.mjs'
import { isStreaming, loadHandler } from './handler.mjs'

const {
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_LAMBDA_FUNCTION_VERSION: functionVersion,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryLimitInMB,
  AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
  AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
} = process.env

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  const parsed = (text) => (text ? JSON.parse(text) : undefined)
  return {
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    xRayTraceId: headers['lambda-runtime-trace-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
    functionName,
    functionVersion,
    memoryLimitInMB,
    logGroupName,
    logStreamName,
  }
}

function write(result) {
  let text
  try {
    text = JSON.stringify(result === undefined ? null : result)
  } catch {
    throw runtimeError('JSONStringifyError', 'Unable to stringify response body')
  }
  // A function or a symbol, which JSON has no words for.
  if (text === undefined) throw new TypeError('Wrong arguments')
  return text
}

async function invoke(handler, event, context) {
  try {
    const result = write(await handler(event, context))
    await new Promise(setImmediate)
    await call(invocationPath(context.awsRequestId, 'response'), result)
  } catch (error) {
    await new Promise(setImmediate)
    logError('Invoke Error', error)
    await report(error, context.awsRequestId)
  }
}

function setTraceId(id) {
  if (id) process.env._X_AMZN_TRACE_ID = id
  else delete process.env._X_AMZN_TRACE_ID
}

/** Takes one invocation after the other. */
async function serve(run) {
  for (;;) {
    const { headers, body } = await call('/2018-06-01/runtime/invocation/next')
    const context = contextOf(headers)
    // Where there are many at once, only the store can tell the trace of each.
    if (!concurrency) setTraceId(context.xRayTraceId)
    await inInvocation(context, () => run(JSON.parse(body), context))
  }
}

async function main() {
  setGlobals()
  patchConsole()
  let handler
  try {
    handler = await loadHandler()
    const routes = handler[Symbol.for('fnware.routes')]
    if (Array.isArray(routes)) await call('/fnware/routes', JSON.stringify(routes))
  } catch (error) {
    logError('Init Error', error)
    await reportInit(error)
    process.exit(1)
  }
  const run = isStreaming(handler) ? (await import('./streaming.mjs')).streamed(handler) : invoke.bind(null, handler)
  for (let i = 0; i < (concurrency ?? 1); i++) serve(run)
}

main()

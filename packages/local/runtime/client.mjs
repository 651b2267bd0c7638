// The runtime interface client for every day: takes invocations from the Runtime API, calls the handler, answers.
// Behaves as AWS's own (aws-lambda-ric 4), in plain JavaScript. Built-ins come by getBuiltinModule(): an ESM import of
// node:http alone would cost every cold start some 28 ms.

import { call, invocationPath, report, reportInit } from './api.mjs'
import { logError, logFor, patchConsole } from './console.mjs'
import { describe, runtimeError } from './errors.mjs'
import { setGlobals } from './globals.mjs'
import { isStreaming, loadHandler } from './handler.mjs'

/** The id of the invocation under way: what was thrown and not caught is reported as its error. */
let current
let ready = false

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
  try {
    const text = JSON.stringify(result)
    return text === undefined ? 'null' : text
  } catch {
    throw runtimeError('JSONStringifyError', 'Unable to stringify response body')
  }
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

/** What nobody caught ends the environment; the invocation under way, if any, is told why. */
function endUncaught(code, wrap) {
  return (thrown) => {
    const error = wrap(thrown)
    logError(current ? 'Invoke Error' : 'Uncaught Exception', error)
    const told = current ? report(error, current) : ready ? Promise.resolve() : reportInit(error)
    told.catch(() => {}).then(() => process.exit(code))
  }
}

async function main() {
  const withStore = setGlobals()
  patchConsole()
  process.on(
    'uncaughtException',
    endUncaught(129, (error) => error),
  )
  process.on(
    'unhandledRejection',
    endUncaught(128, (reason) => {
      const error = runtimeError('UnhandledPromiseRejection', describe(reason).errorMessage)
      if (reason instanceof Error) Object.assign(error, { message: String(reason), reason, stack: reason.stack })
      return error
    }),
  )
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
  ready = true
  const run = isStreaming(handler) ? (await import('./streaming.mjs')).streamed(handler) : invoke.bind(null, handler)
  for (;;) {
    const { headers, body } = await call('/2018-06-01/runtime/invocation/next')
    const context = contextOf(headers)
    if (context.xRayTraceId) process.env._X_AMZN_TRACE_ID = context.xRayTraceId
    else delete process.env._X_AMZN_TRACE_ID
    current = context.awsRequestId
    logFor({ id: current, tenantId: context.tenantId })
    await withStore(context, () => run(JSON.parse(body), context))
    current = undefined
    logFor(undefined)
  }
}

main()

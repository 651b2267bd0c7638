// The runtime interface client for every day: takes invocations from the Runtime API, calls the handler, answers.
// Behaves as AWS's own (aws-lambda-ric 4), in plain JavaScript. Built-ins come by getBuiltinModule(): an ESM import of
// node:http alone would cost every cold start some 28 ms.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

const { Agent, request } = process.getBuiltinModule('node:http')
const { createRequire } = process.getBuiltinModule('node:module')
const { existsSync } = process.getBuiltinModule('node:fs')
const { basename, join, resolve } = process.getBuiltinModule('node:path')
const { pathToFileURL } = process.getBuiltinModule('node:url')
const { format } = process.getBuiltinModule('node:util')

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const invocationPath = (id, end) => `/2018-06-01/runtime/invocation/${encodeURIComponent(id)}/${end}`
const streaming = Symbol.for('aws.lambda.runtime.handler.streaming')

/** The invocation under way: what log lines, InvokeStore and the last-resort error reports need. */
let current

// ---------------------------------------------------------------------------------------------- Runtime API

/** @param {string} [body] makes it a POST */
function call(path, body, headers) {
  return new Promise((done, failed) => {
    const options = { agent, hostname, port, path, method: body === undefined ? 'GET' : 'POST' }
    if (body !== undefined) {
      const used = Math.ceil(process.resourceUsage().maxRSS / 1024)
      const length = Buffer.byteLength(body)
      options.headers = {
        'Content-Type': 'application/json',
        'Content-Length': length,
        'Fnware-Memory-Used': used,
        ...headers,
      }
    }
    const sent = request(options, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
      response.on('error', failed)
    })
    sent.on('error', failed)
    sent.once('socket', endWithConnection)
    sent.end(body)
  })
}

/** The Runtime API never closes a connection: when it does, whoever started this environment is gone. */
function endWithConnection(socket) {
  if (socket.listenerCount('close', lambdaIsGone) === 0) socket.on('close', lambdaIsGone)
}
function lambdaIsGone() {
  process.exit(1)
}

const report = (error, id) => call(invocationPath(id, 'error'), JSON.stringify(describe(error)))

function reportInit(error) {
  const described = describe(error)
  const headers = { 'Lambda-Runtime-Function-Error-Type': header(described.errorType) }
  return call('/2018-06-01/runtime/init/error', JSON.stringify(described), headers)
}

const header = (text) => String(text).replace(/[^\x20-\x7e]/g, '?')

// --------------------------------------------------------------------------------------------------- errors

function runtimeError(type, message, cause) {
  const error = new Error(message)
  error.name = `Runtime.${type}`
  if (cause?.stack && type === 'UserCodeSyntaxError') error.stack = cause.stack
  return error
}

/** What was thrown, as Lambda reports it; anything can be thrown, and reading it may throw once more. */
function describe(error) {
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
    const clean = (text) => String(text).replaceAll('\x7F', '%7F')
    const trace = typeof error.stack === 'string' ? clean(error.stack).split('\n') : []
    return { errorType: clean(error.name), errorMessage: clean(error.message), trace }
  } catch {
    return { errorType: 'handled', errorMessage: 'an error was thrown that cannot be read', trace: [] }
  }
}

/** An error with all it carries (code, cause, own fields), for the log. */
function detail(error) {
  const readable = (_, value) => {
    if (!(value instanceof Error)) return value
    const { name: errorType, message: errorMessage, code, cause } = value
    return { errorType, errorMessage, code, cause, ...value, stack: value.stack?.split('\n') }
  }
  try {
    return JSON.stringify(error instanceof Error ? error : new Error(String(error)), readable)
  } catch {
    return JSON.stringify(describe(error))
  }
}

function logError(title, error) {
  if (json) console.error(error instanceof Error ? error : new Error(describe(error).errorMessage))
  else console.error(title, `\t${detail(error)}`)
}

// -------------------------------------------------------------------------------------------------- console

const json = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON'

function patchConsole() {
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
  const least = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()))
  const line = json ? jsonLine : textLine
  levels.forEach((level, i) => {
    console[level.toLowerCase()] =
      i < least ? () => {} : (...values) => process.stdout.write(`${line(level, values)}\n`)
  })
  console.log = console.info
}

/** A line break inside a message travels as \r, so that one message stays one log event. */
function textLine(level, values) {
  const at = new Date().toISOString()
  return `${at}\t${current?.id ?? '-'}\t${level}\t${format(...values)}`.replaceAll('\n', '\r')
}

function jsonLine(level, values) {
  const entry = { timestamp: new Date().toISOString(), level, requestId: current?.id ?? '-' }
  if (current?.context.tenantId) entry.tenantId = current.context.tenantId
  const fields = (error) => ({
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  })
  if (values.length === 1) {
    const readable = (_, value) => (value instanceof Error ? { ...fields(value), ...value } : value)
    try {
      return JSON.stringify({ ...entry, message: values[0] }, readable)
    } catch {
      return JSON.stringify({ ...entry, message: format(values[0]) })
    }
  }
  const error = values.slice(1).find((value) => value instanceof Error)
  return JSON.stringify({ ...entry, message: format(...values), ...(error && fields(error)) })
}

// -------------------------------------------------------------------------------------------------- handler

async function loadHandler() {
  const root = process.env.LAMBDA_TASK_ROOT
  const name = process.env._HANDLER
  if (name.includes('..')) {
    const why = 'Use absolute paths when specifying root directories in handler names.'
    throw runtimeError('MalformedHandlerName', `'${name}' is not a valid handler name. ${why}`)
  }
  const last = basename(name)
  const [, file, path] = last.match(/^([^.]*)\.(.*)$/) ?? []
  if (file === undefined) throw runtimeError('MalformedHandlerName', 'Bad handler')
  const folder = name.slice(0, name.indexOf(last))
  const module = await load(root, folder, file)
  const find = (from) => path.split('.').reduce((at, key) => (at && typeof at === 'object' ? at[key] : undefined), from)
  const handler = find(module) || (module && typeof module === 'object' && find(module.default))
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`)
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`)
  if (handler[streaming] && handler[streaming] !== 'response')
    throw runtimeError('MalformedStreamingHandler', 'Only response streaming is supported.')
  if (handler.length >= 3 && !handler[streaming]) {
    const why =
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.'
    throw runtimeError('CallbackHandlerDeprecated', why)
  }
  return handler
}

async function load(root, folder, file) {
  const path = resolve(root, folder, file)
  try {
    for (const extension of ['', '.js', '.mjs', '.cjs'])
      if (existsSync(path + extension)) return await import(pathToFileURL(path + extension).href)
    const require = createRequire(import.meta.url)
    return require(require.resolve(file, { paths: [root, join(root, folder)] }))
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error), error)
    if (error?.code === 'MODULE_NOT_FOUND') throw runtimeError('ImportModuleError', String(error))
    throw error
  }
}

// ---------------------------------------------------------------------------------------------- invocations

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

/** The store that packages read the request's identity from, as `@aws/lambda-invoke-store` has it. */
function setGlobals() {
  const keys = {
    REQUEST_ID: '_AWS_LAMBDA_REQUEST_ID',
    X_RAY_TRACE_ID: '_AWS_LAMBDA_X_RAY_TRACE_ID',
    TENANT_ID: '_AWS_LAMBDA_TENANT_ID',
  }
  const own = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, Symbol.for(key)]))
  let store
  const InvokeStore = {
    getContext: () => store,
    hasContext: () => store !== undefined,
    get: (key) => store?.[key],
    set(key, value) {
      if (Object.values(own).includes(key))
        throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`)
      store ??= {}
      store[key] = value
    },
    run(values, body) {
      store = values
      return body()
    },
    getRequestId: () => store?.[own.REQUEST_ID] ?? '-',
    getXRayTraceId: () => store?.[own.X_RAY_TRACE_ID],
    getTenantId: () => store?.[own.TENANT_ID],
  }
  globalThis.awslambda = {
    InvokeStore,
    streamifyResponse(handler, options) {
      handler[streaming] = 'response'
      if (options?.highWaterMark)
        handler[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')] = options.highWaterMark
      return handler
    },
    /** The first write says status and headers: JSON, eight zero bytes, then the body. */
    HttpResponseStream: {
      from(stream, prelude) {
        stream.setContentType('application/vnd.awslambda.http-integration-response')
        stream._onBeforeFirstWrite = (write) => {
          write(JSON.stringify(prelude))
          write(new Uint8Array(8))
        }
        return stream
      },
    },
  }
  return (context, body) =>
    InvokeStore.run({ [own.REQUEST_ID]: context.awsRequestId, [own.X_RAY_TRACE_ID]: context.xRayTraceId }, body)
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
    const told = current ? report(error, current.id) : ready ? Promise.resolve() : reportInit(error)
    told.catch(() => {}).then(() => process.exit(code))
  }
}

let ready = false

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
  const run = handler[streaming]
    ? (await import('./streaming.mjs')).streamed({ handler, agent, hostname, port, invocationPath, describe, logError })
    : invoke.bind(null, handler)
  for (;;) {
    const { headers, body } = await call('/2018-06-01/runtime/invocation/next')
    const context = contextOf(headers)
    if (context.xRayTraceId) process.env._X_AMZN_TRACE_ID = context.xRayTraceId
    else delete process.env._X_AMZN_TRACE_ID
    current = { id: context.awsRequestId, context }
    await withStore(context, () => run(JSON.parse(body), context))
    current = undefined
  }
}

main()

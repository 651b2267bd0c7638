// Answers an invocation piece by piece, for handlers made by awslambda.streamifyResponse().
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html

import { connection, invocationPath } from './api.mjs'
import { logError } from './console.mjs'
import { describe, runtimeError } from './errors.mjs'

const { request } = process.getBuiltinModule('node:http')

/** What a handler may do with its stream: nothing of the HTTP request below it shows. */
const methods =
  'cork destroy end uncork write addListener on once prependListener prependOnceListener off removeListener removeAllListeners ' +
  'setMaxListeners getMaxListeners listeners rawListeners listenerCount eventNames emit'
const properties =
  'destroyed writableFinished writableObjectMode writableEnded writableNeedDrain writableHighWaterMark ' +
  'writableCorked writableLength writable'

function open(path) {
  const answered = Promise.withResolvers()
  answered.promise.catch(() => {})
  const headers = {
    'Lambda-Runtime-Function-Response-Mode': 'streaming',
    Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    'Content-Type': 'application/octet-stream',
    'Transfer-Encoding': 'chunked',
  }
  const sent = request({ ...connection, path, method: 'POST', headers }, (response) => {
    response.resume().on('end', answered.resolve).on('error', answered.reject)
  })
  sent.on('error', answered.reject)
  let begun = false
  const stream = {
    setContentType(type) {
      if (begun) throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.')
      sent.setHeader('Content-Type', type)
    },
  }
  const write = sent.write.bind(sent)
  sent.write = (chunk, ...rest) => {
    if (!begun) {
      begun = true
      stream._onBeforeFirstWrite?.(write)
    }
    const raw = typeof chunk === 'string' || chunk instanceof Uint8Array
    return write(raw ? chunk : JSON.stringify(chunk), ...rest)
  }
  for (const name of methods.split(' ')) stream[name] = sent[name].bind(sent)
  for (const name of properties.split(' ')) Object.defineProperty(stream, name, { get: () => sent[name] })
  return { stream, sent, answered: answered.promise }
}

/** Runs a streaming handler. */
export function streamed(handler) {
  return async (event, context) => {
    const path = invocationPath(context.awsRequestId, 'response')
    const { stream, sent, answered } = open(path)
    try {
      const result = handler(event, stream, context)
      if (typeof result?.then !== 'function') throw new Error('Streaming does not support non-async handlers.')
      if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.')
      await answered
    } catch (error) {
      logError('Invoke Error', error)
      const described = describe(error)
      sent.addTrailers({
        'Lambda-Runtime-Function-Error-Type': described.errorType.replace(/[^\x20-\x7e]/g, '?'),
        'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(described)).toString('base64'),
      })
      sent.end()
      await answered
    }
  }
}

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

import { concurrency } from './concurrency.mjs'
import { describe } from './errors.mjs'

const { Agent, request } = process.getBuiltinModule('node:http')

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')
export const connection = { agent: new Agent({ keepAlive: true, maxSockets: concurrency ?? 1 }), hostname, port }

export const invocationPath = (id, end) => `/2018-06-01/runtime/invocation/${encodeURIComponent(id)}/${end}`

/** @param {string} [body] makes it a POST */
export function call(path, body, headers) {
  return new Promise((done) => {
    const options = { ...connection, path, method: body === undefined ? 'GET' : 'POST' }
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
      response.on('error', lambdaIsGone)
    })
    sent.on('error', lambdaIsGone)
    sent.once('socket', endWithConnection)
    sent.end(body)
  })
}

/** The Runtime API never breaks a connection: when it does, whoever started this environment is gone. */
function endWithConnection(socket) {
  if (socket.listenerCount('close', lambdaIsGone) === 0) socket.on('close', lambdaIsGone)
}
function lambdaIsGone() {
  try {
    // With all that it started: an environment leads a process group of its own.
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    process.exit(1)
  }
}

export const report = (error, id) => call(invocationPath(id, 'error'), JSON.stringify(describe(error)))

export function reportInit(error) {
  const described = describe(error)
  const headers = { 'Lambda-Runtime-Function-Error-Type': header(described.errorType) }
  return call('/2018-06-01/runtime/init/error', JSON.stringify(described), headers)
}

const header = (text) => String(text).replace(/[^\x20-\x7e]/g, '?')

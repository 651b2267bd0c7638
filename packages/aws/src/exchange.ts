import type { Agent, ClientRequest, IncomingMessage } from 'node:http'

export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/**
 * One request and its answer, over connections that are kept. Node's own clients and not fetch(): that costs some 40 ms at
 * its first touch. They are taken as built-ins, since an ESM import of `node:http` loads fetch() too.
 */
export const exchange = (request: Exchange, signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const { method, url, headers, body = '' } = request
    const { module, agent } = clientFor(url.protocol)
    const sent = module.request(url, {
      method,
      agent,
      headers: method === 'POST' ? { ...headers, 'content-length': Buffer.byteLength(body) } : headers,
    })
    const abort = () => sent.destroy(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    sent.on('close', () => signal.removeEventListener('abort', abort))
    sent.on('error', reject)
    sent.on('response', (response) => read(response, sent).then(resolve, reject))
    limitConnecting(sent, url)
    sent.end(body)
  })

const read = async (response: IncomingMessage, sent: ClientRequest): Promise<Answer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    if ((size += chunk.length) > largest) {
      const error = new Error(`the answer is larger than ${largest} bytes`)
      sent.destroy(error)
      throw error
    }
    chunks.push(chunk)
  }
  return {
    status: response.statusCode as number,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  }
}
/** Bytes of an answer: 20 secrets of 64 kB, twice over for what JSON escapes, and then some. */
const largest = 8_388_608

/** Out of a VPC without a way to the service, nothing is answered: told apart from a slow answer. */
const limitConnecting = (sent: ClientRequest, url: URL) => {
  sent.on('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(() => {
      // A module that is loading may have held up what has long been there.
      setImmediate(() => {
        if (socket.connecting)
          sent.destroy(
            new Error(
              `no connection to ${url.host} within ${connectLimit} ms: is there a way to it from the function's VPC (an endpoint, or a NAT gateway)?`,
            ),
          )
      })
    }, connectLimit)
    const stop = () => clearTimeout(timer)
    socket.once('connect', stop)
    sent.once('close', stop)
  })
}
const connectLimit = 1500

interface Client {
  readonly module: Pick<typeof import('node:http'), 'request'>
  readonly agent: Agent
  usedAt: number
}
const clients: { [protocol: string]: Client } = {}

const clientFor = (protocol: string): Client => {
  const client = (clients[protocol] ??= made(protocol))
  const now = Date.now()
  // By the wall clock: the timers that close idle connections stand still while the environment is frozen.
  if (now - client.usedAt > idleLimit)
    for (const sockets of Object.values(client.agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
  client.usedAt = now
  return client
}
const made = (protocol: string): Client => {
  const module = process.getBuiltinModule(protocol === 'http:' ? 'node:http' : 'node:https')
  return { module, agent: new module.Agent({ keepAlive: true, maxSockets: 16 }) as Agent, usedAt: Date.now() }
}
/** ms after which a connection that nobody used may be dead. */
const idleLimit = 4000

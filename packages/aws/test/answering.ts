import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished, vi } from 'vitest'

export type Answering = (response: ServerResponse, request: IncomingMessage, body: string) => void
export interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server that answers each request with the next of these, and the last for ever. */
export interface Server {
  readonly received: readonly Received[]
  readonly sockets: ReadonlySet<Socket>
  readonly port: number
}

export const answering = async (...answers: Answering[]): Promise<Server> => {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const answer = answers[Math.min(received.length, answers.length - 1)] as Answering
    received.push({ headers: request.headers, body })
    answer(response, request, body)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`)
  return { received, sockets, port }
}
export const json =
  (status: number, body: unknown, headers = {}): Answering =>
  (response) => {
    response.writeHead(status, { 'x-amzn-requestid': 'r-1', ...headers }).end(JSON.stringify(body))
  }
export const raw =
  (status: number, text: string): Answering =>
  (response) => {
    response.writeHead(status).end(text)
  }
export const fails = (status: number, code: string): Answering => json(status, { __type: code, message: 'so it is' })
export const cutOff: Answering = (response) => response.destroy()
export const hangs: Answering = () => {}

/** The environment of a function, whose key is this. */
export const inFunction = (secretAccessKey: string): void => {
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey)
  vi.stubEnv('AWS_SESSION_TOKEN', '')
}

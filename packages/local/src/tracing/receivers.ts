import { createSocket, type Socket } from 'node:dgram'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { readBody } from '../read-body.ts'
import { readExport } from './otlp.ts'
import { exportRequest } from './otlp-messages.ts'
import { decode } from './protobuf.ts'
import { readDatagram } from './segment-document.ts'
import type { Told } from './told.ts'

/** Where traces are taken. */
export interface Addresses {
  /** host:port, in the place of X-Ray's daemon */
  readonly xray: string
  /** The url of OTLP over HTTP, to which `/<environment>/v1/traces` is added. */
  readonly otlp: string
}

/** @param environment who told, where that is known */
type Take = (spans: readonly Told[], environment?: string) => void

/** The most that is taken of an export. */
const exportLimit = 64 * 1024 * 1024

/** Takes what functions tell of themselves: X-Ray's datagrams, and OpenTelemetry's OTLP over HTTP. */
export class Receivers {
  readonly #take: Take
  #socket: Socket | undefined
  #server: Server | undefined

  constructor(take: Take) {
    this.#take = take
  }

  async listen(): Promise<Addresses> {
    const [xray, otlp] = await Promise.all([this.#listenForDatagrams(), this.#listenForExports()])
    return { xray: `127.0.0.1:${xray}`, otlp: `http://127.0.0.1:${otlp}` }
  }

  close(): void {
    this.#socket?.close()
    this.#server?.close()
    this.#server?.closeAllConnections()
  }

  #listenForDatagrams(): Promise<number> {
    // Room for what many invocations send at once.
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 })
    this.#socket = socket
    socket.on('message', (bytes) => this.#take(readDatagram(bytes)))
    return new Promise((listening, failed) => {
      socket.on('error', failed)
      socket.bind(0, '127.0.0.1', () => listening(socket.address().port))
    })
  }

  #listenForExports(): Promise<number> {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      request.on('error', () => {})
      response.on('error', () => {})
      void this.#serve(request, response)
    })
    this.#server = server
    return new Promise((listening, failed) => {
      server.on('error', failed)
      server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port))
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, exportLimit)
    if (body === 'gone') return
    const [, environment, signal] = request.url?.match(/^\/(\w+)\/v1\/(traces|metrics|logs)$/) ?? []
    const type = request.headers['content-type']?.match(/^application\/(json|x-protobuf)\b/)?.[1]
    // Nothing is made here of the other signals, and who sends them is not to be troubled.
    if (signal === undefined) return end(response, 404)
    if (signal !== 'traces') return end(response, 200)
    if (type === undefined) return end(response, 415)
    if (body === 'tooLarge') return end(response, 413)
    try {
      const zipped = request.headers['content-encoding'] === 'gzip'
      const content = zipped ? gunzipSync(body) : body
      const read = type === 'json' ? JSON.parse(content.toString()) : decode(content, exportRequest)
      this.#take(readExport(read), environment)
      end(response, 200, type)
    } catch {
      end(response, 400)
    }
  }
}

function end(response: ServerResponse, status: number, type = 'json'): void {
  const body = type === 'json' ? '{}' : ''
  response.writeHead(status, { 'Content-Type': `application/${type}`, 'Content-Length': body.length }).end(body)
}

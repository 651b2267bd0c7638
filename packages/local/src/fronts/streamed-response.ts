import type { ServerResponse } from 'node:http'
import { type StreamTarget, writeOn } from '../stream-target.ts'
import { BadResponse, type HttpResponse } from './result.ts'

/** What a response begins with that says its own status and headers: JSON, up to eight zero bytes. */
const integrationResponse = 'application/vnd.awslambda.http-integration-response'
const end = Buffer.alloc(8)
/** The most that such a beginning may be long. */
const preludeLimit = 1024 * 1024

/** The head of a response: what a function said of it, or nothing when it said only what type it is of. */
export type ReadHead = (prelude: unknown, contentType: string) => Omit<HttpResponse, 'body'>

/** A response to a client that is passed on while the function writes it. */
export class StreamedResponse implements StreamTarget {
  readonly #response: ServerResponse
  readonly #head: ReadHead
  readonly #withBody: boolean
  #type = ''
  #prelude: Buffer | undefined
  /** What is wrong with its beginning. */
  #refused: BadResponse | undefined

  constructor(response: ServerResponse, head: ReadHead, withBody: boolean) {
    this.#response = response
    this.#head = head
    this.#withBody = withBody
  }

  begin(contentType: string): void {
    this.#type = contentType
    if (contentType === integrationResponse) this.#prelude = Buffer.alloc(0)
  }

  write(chunk: Buffer): Promise<void> | undefined {
    if (this.#refused) return undefined
    if (!this.#prelude) {
      this.#start(undefined)
      return this.#pass(chunk)
    }
    this.#prelude = Buffer.concat([this.#prelude, chunk])
    const at = this.#prelude.indexOf(end)
    if (at < 0) {
      if (this.#prelude.length > preludeLimit) this.#refused = new BadResponse('its status and headers do not end')
      return undefined
    }
    const [prelude, rest] = [this.#prelude.subarray(0, at), this.#prelude.subarray(at + end.length)]
    this.#prelude = undefined
    this.#start(prelude)
    return rest.length ? this.#pass(rest) : undefined
  }

  /**
   * There is no more.
   * @throws {BadResponse} when the beginning was no beginning of a response: nothing has been sent then
   */
  finish(): void {
    if (this.#prelude) this.#refused ??= new BadResponse('it ends before its status and headers do')
    this.#start(undefined)
    if (this.#refused) throw this.#refused
    this.#response.end()
  }

  #start(prelude: Buffer | undefined): void {
    if (this.#response.headersSent || this.#refused) return
    try {
      const said: unknown = prelude && JSON.parse(prelude.toString())
      const { statusCode, headers } = this.#head(said, this.#type)
      for (const [name, value] of Object.entries(headers))
        this.#response.setHeader(name, typeof value === 'string' ? value : [...value])
      this.#response.writeHead(statusCode)
      this.#response.flushHeaders()
    } catch (error) {
      this.#refused = error instanceof BadResponse ? error : new BadResponse('its status and headers are not JSON')
    }
  }

  #pass(chunk: Buffer): Promise<void> | undefined {
    return this.#refused || !this.#withBody ? undefined : writeOn(this.#response, chunk)
  }
}

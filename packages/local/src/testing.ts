import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LambdaEvent } from './events.ts'
import { type LocalLambda, localLambda } from './local.ts'
import type { FunctionOptions, LocalOptions } from './options.ts'

/** A task root with these files, gone after the test. */
export async function taskRoot(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'fnware-local-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(root, name), text)))
  return root
}

export interface Running {
  readonly lambda: LocalLambda
  readonly events: LambdaEvent[]
  /** What the functions wrote. */
  logs(): string[]
}

/** Functions by their code (`index.mjs`), closed after the test. */
export async function running(
  functions: Readonly<Record<string, string | (Partial<FunctionOptions> & { readonly source: string })>>,
  options: Partial<LocalOptions> = {},
): Promise<Running> {
  const entries = Object.entries(functions).map(async ([name, given]) => {
    const { source, ...rest } = typeof given === 'string' ? { source: given } : given
    return [name, { code: await taskRoot({ 'index.mjs': source }), handler: 'index.handler', ...rest }] as const
  })
  const events: LambdaEvent[] = []
  const lambda = localLambda({
    functions: Object.fromEntries(await Promise.all(entries)),
    port: 0,
    onEvent: (event) => events.push(event),
    ...options,
  })
  onTestFinished(() => lambda.close())
  const logs = () => events.flatMap((event) => (event.type === 'log' ? [event.line] : []))
  return { lambda, events, logs }
}

/** Waits until something holds; fails loudly when it does not come to hold. */
export async function until(holds: () => unknown, within = 10_000): Promise<void> {
  const end = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come to hold within ${within} ms: ${holds}`)
    await new Promise((later) => setTimeout(later, 10))
  }
}

/** The processes that carry a mark in their environment. */
export function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** What a server answered. */
export interface Sent {
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A request by node:http, which leaves path and headers as they are. */
export function send(
  url: string,
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders | string[]; body?: string | Buffer } = {},
): Promise<Sent> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(url)
    const sent = request(
      { hostname, port, path, method: options.method ?? 'GET', headers: options.headers as OutgoingHttpHeaders },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          done({
            status: response.statusCode!,
            statusText: response.statusMessage!,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    sent.on('error', failed)
    sent.end(options.body)
  })
}

export interface Served extends Running {
  readonly url: string
  send(path: string, options?: Parameters<typeof send>[2]): Promise<Sent>
}

/** A function behind HTTP, and how to send it a request. */
export async function served(source: string, options: Partial<FunctionOptions> = {}): Promise<Served> {
  const run = await running({ f: { source, ...options } })
  const url = await run.lambda.listen()
  return { ...run, url, send: (path, options) => send(url, path, options) }
}

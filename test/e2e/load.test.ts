import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const connections = 50
const requests = 10_000
const megabyte = 1024 * 1024

/** Answers what it was asked, in an order of its own. */
const source = `
const bodyOf = (event) => (event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body)
export const handler = async (event) => {
  const question = 'question' in event ? event : JSON.parse(bodyOf(event))
  if (question.wait) await new Promise((over) => setTimeout(over, question.wait))
  const answer = { answer: question.question, of: process.env.AWS_LAMBDA_FUNCTION_NAME }
  return 'question' in event ? answer : { statusCode: 200, headers: { 'x-answer': question.question.slice(0, 16) }, body: JSON.stringify(answer) }
}`

interface State {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  readonly environments: number
  readonly sockets: number
}

/** Waits until something holds; fails loudly when it does not come to hold. */
async function until(holds: () => Promise<boolean>, within = 10_000): Promise<void> {
  const end = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come to hold within ${within} ms: ${holds}`)
    await new Promise((later) => setTimeout(later, 20))
  }
}

/** The processes that carry the mark: the execution environments. */
const environmentsOf = (mark: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LOAD_MARK=${mark}`)
    } catch {
      return false
    }
  })

const targets = [
  ['api', '/api'],
  ['rest', '/rest/a'],
  ['link', '/link?a=1'],
  ['balanced', '/balanced'],
  ['invoked', '/2015-03-31/functions/invoked/invocations'],
] as const

/** Sends one request; says what is wrong with its answer. */
function ask(url: string, agent: Agent, i: number): Promise<string | undefined> {
  const [name, path] = targets[i % targets.length]!
  const question = `${i}-${randomBytes(i % 97 === 0 ? 20_000 : 8).toString('hex')}`
  const body = JSON.stringify({ question, wait: i % 5 === 0 ? i % 7 : 0 })
  return new Promise((done, failed) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url + path, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const said = Buffer.concat(chunks).toString()
        const right = said === JSON.stringify({ answer: question, of: name })
        const own = name === 'invoked' || response.headers['x-answer'] === question.slice(0, 16)
        if (response.statusCode === 200 && right && own) done(undefined)
        else done(`${name}: ${response.statusCode} ${said.slice(0, 200)}`)
      })
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

test('10,000 requests over 50 connections: every answer right, flat memory, nothing left behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fnware-load-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'index.mjs'), source)
  const server = fork(join(import.meta.dirname, 'load-server.ts'), [folder], {
    execArgv: ['--conditions=@fnware/source', '--expose-gc'],
  })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    if (server.exitCode === null) server.kill('SIGKILL')
    await ended
  })
  const [{ url }] = (await once(server, 'message')) as [{ url: string }]
  const state = async () => {
    const heard = once(server, 'message')
    server.send('memory')
    return ((await heard) as [State])[0]
  }
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const wrong: string[] = []
  let next = 0
  const run = async (to: number) => {
    while (next < to) {
      const answer = await ask(url, agent, next++)
      if (answer !== undefined) wrong.push(answer)
    }
  }
  const upTo = (to: number) => Promise.all(Array.from({ length: connections }, () => run(to)))

  const before = await state()
  await upTo(requests / 2)
  const half = await state()
  await upTo(requests)
  const all = await state()

  expect(next).toBe(requests)
  expect(wrong).toEqual([])
  expect(all.heapUsed - half.heapUsed).toBeLessThan(8 * megabyte)
  expect(all.external - half.external).toBeLessThan(8 * megabyte)
  expect(all.rss - half.rss).toBeLessThan(64 * megabyte)
  // At once there are no more than connections; a few more environments may be on their way to the next invocation.
  expect(all.environments).toBeLessThanOrEqual(2 * connections)
  expect(environmentsOf(folder)).toHaveLength(all.environments)

  agent.destroy()
  // What is left open is each environment's own: its Runtime API, the runtime's connection, its output.
  await until(async () => {
    const { sockets, environments } = await state()
    return sockets <= before.sockets + 5 * environments
  })
  server.send('close')
  // By itself: nothing of it is open any more.
  expect(await ended).toEqual([0, null])
  expect(environmentsOf(folder)).toEqual([])
  await expect(fetch(url)).rejects.toThrow()
}, 300_000)

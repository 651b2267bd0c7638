import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Whether any process of a group is left. */
const alive = (pgid: number) => {
  try {
    return process.kill(-pgid, 0)
  } catch {
    return false
  }
}

let start: ChildProcess
let output = ''
let url: string
const printed = async (pattern: RegExp) => {
  for (let i = 0; i < 1200; i++) {
    if (pattern.test(output)) return
    if (start.exitCode !== null) throw new Error(`it ended:\n${output}`)
    await sleep(50)
  }
  throw new Error(`${pattern} was not printed:\n${output}`)
}

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  // A group of its own, as a terminal gives it one: Ctrl-C reaches all of it.
  start = spawn('npx', ['-y', 'pnpm@12', 'start'], {
    cwd: root,
    env: { ...process.env, PORT: `${port}`, NO_COLOR: '1' },
    detached: true,
  })
  start.stdout?.on('data', (data) => {
    output += data
  })
  start.stderr?.on('data', (data) => {
    output += data
  })
  await printed(/curl /)
}, 120_000)
afterAll(() => {
  if (alive(start.pid as number)) process.kill(-(start.pid as number), 'SIGKILL')
})

const ask = async (method: string, path: string, body?: string) => {
  const response = await fetch(url + path, {
    method,
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: text && JSON.parse(text),
  }
}

describe('pnpm start', () => {
  test('prints where it is, its routes, and a curl line', () => {
    expect(output).toContain(url)
    expect(output).toMatch(/POST +\/orders\b/)
    expect(output).toMatch(/GET +\/orders\/\{id\}/)
    expect(output).toMatch(new RegExp(`curl ${url}/orders .*"sku":"A-1"`))
  })

  test('an order is placed and found again', async () => {
    const placed = await ask('POST', '/orders', '{"sku":"A-1","quantity":2}')
    expect(placed).toMatchObject({
      status: 201,
      type: 'application/json',
      body: { id: expect.any(String), sku: 'A-1', quantity: 2 },
    })
    expect(placed.headers.get('location')).toBe(`/orders/${placed.body.id}`)
    expect(await ask('GET', `/orders/${placed.body.id}`)).toMatchObject({ status: 200, body: placed.body })
  })

  test.each([
    ['an unknown order', 'GET', '/orders/nope', undefined, 404, { title: 'Not Found' }],
    [
      'a wrong body',
      'POST',
      '/orders',
      '{"sku":5,"quantity":"x"}',
      400,
      {
        errors: [
          { in: 'body', pointer: '#/sku' },
          { in: 'body', pointer: '#/quantity' },
        ],
      },
    ],
    ['broken JSON', 'POST', '/orders', '{"sku"', 400, { errors: [{ in: 'body', pointer: '#' }] }],
    ['an unknown path', 'GET', '/nothing', undefined, 404, { title: 'Not Found' }],
    ['a wrong method', 'DELETE', '/orders', undefined, 405, { title: 'Method Not Allowed' }],
  ])('%s is a problem', async (_, method, path, body, status, problem) => {
    const answer = await ask(method, path, body)
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status, ...problem } })
    if (status === 405) expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
  })

  test('requests at once get environments of their own, and each its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask('POST', '/orders', JSON.stringify({ sku: `S-${i}`, quantity: i + 1 }))),
    )
    for (const [i, { status, body }] of answers.entries()) {
      expect([status, body.sku, body.quantity]).toEqual([201, `S-${i}`, i + 1])
      expect((await ask('GET', `/orders/${body.id}`)).body).toEqual(body)
    }
  })

  test('Ctrl-C stops it cleanly, and leaves nothing behind', async () => {
    const pgid = start.pid as number
    const exit = once(start, 'exit')
    process.kill(-pgid, 'SIGINT')
    await exit
    expect(output).not.toMatch(/ELIFECYCLE|Unhandled/)
    for (let i = 0; i < 100 && alive(pgid); i++) await sleep(50)
    expect(alive(pgid)).toBe(false)
    await expect(fetch(url)).rejects.toThrow()
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'

const program = `
  import { startPgBouncer, startPostgres } from '${new URL('./index.ts', import.meta.url)}'
  const postgres = await startPostgres()
  const pgbouncer = await startPgBouncer({ to: postgres })
  const [{ data_directory }] = await postgres.query("select current_setting('data_directory') as data_directory")
  if (process.argv[1] === 'paused') await postgres.pause()
  console.log(JSON.stringify({ ports: [postgres.port, pgbouncer.port], data: data_directory }))
  if (process.argv[1] !== 'returns') setInterval(() => {}, 1_000)
`

let child: ChildProcess | undefined
afterEach(() => child?.kill('SIGKILL'))

async function servers(how: string): Promise<{ ports: number[]; data: string }> {
  const started = spawn(process.execPath, ['--input-type=module', '--eval', program, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  for await (const line of createInterface(started.stdout)) return JSON.parse(line)
  throw new Error('it has started no server')
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })

async function gone({ ports, data }: { ports: number[]; data: string }): Promise<void> {
  while (existsSync(data)) await sleep(20)
  for (const port of ports) while (await answers(port)) await sleep(20)
}

test.each(['serving', 'paused'])(
  'servers (%s) and folders are gone when the process that started them is killed',
  async (how) => {
    const started = await servers(how)
    expect(existsSync(started.data)).toBe(true)
    child!.kill('SIGKILL')
    await gone(started)
  },
)

test('a process that closes nothing ends all the same, and its servers with it', async () => {
  await gone(await servers('returns'))
  expect(child!.signalCode).toBe(null)
})

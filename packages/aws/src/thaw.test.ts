import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'

test('a process that was stopped while its connections died calls again as if nothing had been', async () => {
  let connections = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"ok":true}'))
  })
  server.keepAliveTimeout = 100
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const code = `
    import { awsCalls } from '@fnware/aws'
    const call = awsCalls({ name: 'ssm', target: 'AmazonSSM', id: 'SSM' })
    process.stdin.on('data', async () => {
      console.log(JSON.stringify(await Promise.all([call('GetParameters', {}), call('GetParameters', {})])))
    })`
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'A',
    AWS_SECRET_ACCESS_KEY: 's',
  }
  const args = ['--conditions=@fnware/source', '--input-type=module', '-e', code]
  const child = spawn(process.execPath, args, { env, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const answered = async () => {
    child.stdin.write('call')
    const [line] = await once(child.stdout, 'data')
    return JSON.parse(String(line))
  }
  expect(await answered()).toEqual([{ ok: true }, { ok: true }])
  expect(connections).toBe(2)
  child.kill('SIGSTOP')
  // Longer than the server keeps what is idle, which it tells to nobody who could hear it.
  await sleep(1500)
  child.kill('SIGCONT')
  expect(await answered()).toEqual([{ ok: true }, { ok: true }])
  expect(connections).toBe(4)
})

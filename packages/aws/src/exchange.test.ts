import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { answering, inFunction, raw } from '../test/answering.ts'
import { awsCalls } from './call.ts'

const service = { name: 'secretsmanager', target: 'secretsmanager', id: 'SECRETS_MANAGER' }
const callOnce = (endpoint?: string) => awsCalls(service, { attempts: 1, endpoint })('GetSecretValue', {})

beforeEach(() => inFunction('secret'))
afterEach(() => {
  vi.unstubAllEnvs()
})

test('an answer that would fill the memory is cut off', async () => {
  await answering(raw(200, `{"a":"${'x'.repeat(9 << 20)}"}`))
  await expect(callOnce()).rejects.toMatchObject({
    code: 'NetworkError',
    message: 'secretsmanager: GetSecretValue could not be sent: the answer is larger than 8388608 bytes',
  })
})

/** A port whose connections are never completed, as where a VPC has no way out. */
const deadEnd = async () => {
  const code = `const s = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => console.log(s.address().port))`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [port] = await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  // What it does not accept fills its queue.
  const sockets = Array.from({ length: 8 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await vi.waitUntil(() => sockets.filter(({ connecting }) => !connecting).length > 1)
  return `127.0.0.1:${Number(port)}`
}

test('where nobody can be connected to, it is said soon, and what to look for', async () => {
  const host = await deadEnd()
  await expect(callOnce(`http://${host}`)).rejects.toMatchObject({
    code: 'NetworkError',
    message: `secretsmanager: GetSecretValue could not be sent: no connection to ${host} within 1500 ms: is there a way to it from the function's VPC (an endpoint, or a NAT gateway)?`,
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { type Credentials, credentialsFrom } from './credentials.ts'

beforeEach(() => {
  for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN']) vi.stubEnv(`AWS_${name}`, '')
  for (const name of ['CREDENTIALS_FULL_URI', 'CREDENTIALS_RELATIVE_URI', 'AUTHORIZATION_TOKEN_FILE'])
    vi.stubEnv(`AWS_CONTAINER_${name}`, '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const minutes = (count: number) => new Date(Date.now() + count * 60_000)
const made = (name: string, expiration?: Date): Credentials => ({
  accessKeyId: name,
  secretAccessKey: 'secret',
  ...(expiration && { expiration }),
})

test('credentials that are given are used as they are', async () => {
  const given = made('A')
  expect(await credentialsFrom(given)()).toBe(given)
})

test('what gives them is asked each time, unless they say when they end', async () => {
  const forgetful = vi.fn(async () => made('A'))
  const ask = credentialsFrom(forgetful)
  await ask()
  await ask()
  expect(forgetful).toHaveBeenCalledTimes(2)
  const ending = vi.fn(async () => made('B', minutes(60)))
  const askThose = credentialsFrom(ending)
  await askThose()
  await askThose()
  expect(ending).toHaveBeenCalledTimes(1)
})

test('and anew five minutes before that', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const ending = vi.fn(async () => made('B', minutes(60)))
  const ask = credentialsFrom(ending)
  await ask()
  vi.setSystemTime(Date.now() + 56 * 60_000)
  await ask()
  expect(ending).toHaveBeenCalledTimes(2)
})

test('the old ones serve to their end where no others can be had', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const first = made('B', minutes(60))
  const source = vi.fn(async () => first)
  const ask = credentialsFrom(source)
  await ask()
  source.mockRejectedValue(new Error('STS is down'))
  vi.setSystemTime(Date.now() + 57 * 60_000)
  expect(await ask()).toBe(first)
  vi.setSystemTime(Date.now() + 4 * 60_000)
  await expect(ask()).rejects.toThrow('STS is down')
})

test('many at once ask once', async () => {
  const source = vi.fn(async () => made('A', minutes(60)))
  const ask = credentialsFrom(source)
  await Promise.all([ask(), ask(), ask()])
  expect(source).toHaveBeenCalledTimes(1)
})

test('what hangs is waited for no longer than 5 s, and not joined after a thaw', async () => {
  vi.useFakeTimers()
  let hangs = true
  const ask = credentialsFrom(() => (hangs ? new Promise<never>(() => {}) : made('A')))
  const first = ask().catch((error) => error)
  await vi.advanceTimersByTimeAsync(5000)
  expect((await first).message).toBe('no credentials to sign with: `credentials` gave none within 5000 ms')
  const frozen = ask().catch((error) => error)
  // Its timers stand still, and the clock does not.
  vi.setSystemTime(Date.now() + 60_000)
  hangs = false
  expect(await ask()).toEqual(made('A'))
  await vi.advanceTimersByTimeAsync(5000)
  expect((await frozen).message).toMatch('within 5000 ms')
})

test('what gives none is refused, without showing it', async () => {
  const ask = credentialsFrom(async () => ({ accesKeyId: 'A', secretAccessKey: 'hush' }) as never)
  await expect(ask()).rejects.toThrow(
    'no credentials to sign with: `credentials` must be, or give, { accessKeyId, secretAccessKey, sessionToken? }',
  )
})

test('the environment is read at each call', async () => {
  const ask = credentialsFrom(undefined)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'A')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's')
  expect(await ask()).toEqual({ accessKeyId: 'A', secretAccessKey: 's' })
  vi.stubEnv('AWS_SESSION_TOKEN', 't')
  expect(await ask()).toEqual({ accessKeyId: 'A', secretAccessKey: 's', sessionToken: 't' })
})

/** A container's credentials endpoint, which gives these to whoever has the token. */
const endpoint = async (token: string, answer: unknown) => {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    response.statusCode = request.headers.authorization === token ? 200 : 403
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${(server.address() as AddressInfo).port}/creds`)
  return { asked: () => asked }
}
const answer = {
  AccessKeyId: 'C',
  SecretAccessKey: 's',
  Token: 't',
  Expiration: '2099-01-01T00:00:00Z',
}
const found = {
  accessKeyId: 'C',
  secretAccessKey: 's',
  sessionToken: 't',
  expiration: new Date('2099-01-01T00:00:00Z'),
}

test('a container gives them to whoever has its token', async () => {
  const { asked } = await endpoint('let me', answer)
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'let me')
  const ask = credentialsFrom(undefined)
  expect(await ask()).toEqual(found)
  expect(await ask()).toEqual(found)
  expect(asked()).toBe(1)
})

test('the token may be in a file, which is read each time', async () => {
  await endpoint('let me', { ...answer, Expiration: undefined })
  const folder = await mkdtemp(join(tmpdir(), 'fnware-token-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'token')
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', file)
  await writeFile(file, 'old\n')
  const ask = credentialsFrom(undefined)
  await expect(ask()).rejects.toThrow(/the container's credentials endpoint 127\.0\.0\.1:\d+ answered 403$/)
  await writeFile(file, 'let me\n')
  expect((await ask()).accessKeyId).toBe('C')
})

test.each([['not JSON: hush'], [{ AccessKeyId: 'hush' }]])(
  'a container that answers with %j gives none',
  async (it) => {
    await endpoint('let me', it)
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'let me')
    const error = await credentialsFrom(undefined)().catch((error) => error)
    expect(error.message).toMatch(/answered with none$/)
    expect(String(error.stack)).not.toContain('hush')
  },
)

test.each(['http://example.com/creds', 'http://127.0.0.1.example.com/', 'http://169.254.170.20/'])(
  'a token is not sent in clear text to %s',
  async (uri) => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', uri)
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'hush')
    await expect(credentialsFrom(undefined)()).rejects.toThrow('which is neither https nor on this machine')
  },
)

test('where there are none the error says where they come from', async () => {
  await expect(credentialsFrom(undefined)()).rejects.toMatchObject({
    code: 'CredentialsError',
    message: expect.stringMatching(/Lambda sets them; elsewhere set them, or give `credentials`$/),
  })
})

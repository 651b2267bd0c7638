import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { config, hello, processesIn, text } from './dev-project.ts'
import { fnware, project, until } from './testing.ts'

test('serves what the configuration says: url, function, a line for curl; the log, a report', async () => {
  const { folder } = project({
    'fnware.config.ts': config(),
    'src/hello.ts': `import { word } from './word.ts'\nexport const handler = async () => { console.log('called', { a: 1 }); return { statusCode: 200, body: word } }`,
    'src/word.ts': "export const word: string = 'hi'",
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  await dev.says(`$ curl ${url}/\n`)
  await dev.says(`\n  for AWS SDKs  AWS_ENDPOINT_URL_LAMBDA=${url}\n`)
  expect(dev.output()).toContain('\n  hello\n    ANY  /{proxy+}\n')
  expect(dev.output()).not.toContain('aws lambda invoke')
  expect(await text(url)).toBe('hi')
  await dev.says('INFO called { a: 1 }')
  await dev.says(/└ [\d.]+ ms, cold start [\d.]+ ms, \d+ MB\n/)
  expect(dev.output()).not.toContain('\u001b')
  expect(readFileSync(join(folder, '.fnware/.gitignore'), 'utf8')).toBe('*\n')
  expect(await dev.ends('SIGINT')).toEqual({ code: 0, signal: null })
  expect(readdirSync(join(folder, '.fnware'))).toEqual(['.gitignore'])
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s during an invocation: nothing is left running, exit code 0',
  async (signal) => {
    const { folder } = project({
      'fnware.config.ts': config("functions: { hello: { entry: 'src/hello.ts', timeout: 60 } }"),
      'src/hello.ts': `process.on('SIGTERM', () => {})\nexport const handler = () => { console.log('begun'); return new Promise((r) => setTimeout(r, 60_000)) }`,
    })
    const dev = fnware(folder, ['dev', '--port', '0'])
    const request = fetch(await dev.url()).catch(() => 'cut off')
    await dev.says('begun')
    expect(processesIn(folder)).toHaveLength(1)
    const begun = Date.now()
    expect(await dev.ends(signal)).toEqual({ code: 0, signal: null })
    expect(Date.now() - begun).toBeLessThan(5000)
    expect(processesIn(folder)).toEqual([])
    expect(await request).toBe('cut off')
  },
)

test('a second Ctrl-C forces', async () => {
  const { folder } = project({
    'fnware.config.ts': config(),
    'src/hello.ts': "process.on('SIGTERM', () => {})\nsetInterval(() => {}, 100)\nexport const handler = () => 1",
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  await dev.url()
  dev.process.kill('SIGINT')
  await new Promise((later) => setTimeout(later, 50))
  expect(await dev.ends('SIGINT')).toEqual({ code: 130, signal: null })
  await until(() => processesIn(folder).length === 0)
})

test('stack traces point at the source', async () => {
  const { folder } = project({
    'fnware.config.ts': config(),
    'src/hello.ts': `interface A {\n  a: string\n}\n\nexport const handler = async (event: A) => {\n  throw new RangeError('here')\n}`,
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  expect((await fetch(await dev.url())).status).toBe(500)
  await dev.says(/RangeError: here\n\s+at handler \(.*src\/hello\.ts:6:9\)/)
})

test('several functions: routes aligned, those that handlers bring too; names in the log; examples', async () => {
  const { folder } = project({
    'fnware.config.ts': config(`functions: {
      orders: { entry: 'src/orders.ts', http: '/orders', example: { method: 'POST', path: '/orders', body: { sku: "it's" } } },
      mail: { entry: 'src/mail.ts', handler: 'send' },
      pets: { entry: 'src/pets.ts', http: ['GET /pets/{id}', 'DELETE /pets/{id}'] },
    }`),
    'src/orders.ts': `export const handler = Object.assign(async () => { console.log('in orders'); return 'of orders' },
      { [Symbol.for('fnware.routes')]: [{ method: 'GET', path: '/orders' }, { method: 'DELETE', path: '/orders/{id}' }] })`,
    'src/mail.ts': 'export const send = async () => 1',
    'src/pets.ts': 'export const handler = async (e: unknown) => e',
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  await dev.says('$ curl')
  const shown = dev.output()
  expect(shown).toContain('  orders\n    GET     /orders\n    DELETE  /orders/{id}\n')
  expect(shown).toContain('  mail\n    not on HTTP\n')
  expect(shown).toContain('  pets\n    GET     /pets/{id}\n    DELETE  /pets/{id}\n')
  expect(shown).toContain(`$ curl ${url}/orders -H 'content-type: application/json' -d '{"sku":"it'\\''s"}'\n`)
  expect(await text(`${url}/orders`)).toBe('of orders')
  await dev.says('orders INFO in orders')
  expect((await fetch(`${url}/mail`)).status).toBe(404)
})

test('fronts: each function behind its own, or a route; what is not on HTTP is there for the Invoke API', async () => {
  const echo = 'export const handler = async (e: object) => ({ statusCode: 200, body: JSON.stringify(e) })'
  const { folder } = project({
    'fnware.config.ts': config(`functions: {
      orders: { entry: 'src/echo.ts', http: 'GET /orders', front: { type: 'rest-api', stage: 'prod' } },
      pets: { entry: 'src/echo.ts', http: ['GET /pets', { route: '/lb', front: 'alb' }, { route: '/fn', front: 'function-url' }] },
      mail: { entry: 'src/mail.ts' },
    }`),
    'src/echo.ts': echo,
    'src/mail.ts': "export const handler = async (e: object) => { console.log('in mail'); return e }",
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  await dev.says('AWS_ENDPOINT_URL_LAMBDA')
  const shown = dev.output()
  expect(shown).toContain('  orders\n    GET  /prod/orders  rest-api\n')
  expect(shown).toContain('  pets\n    GET  /pets\n    ANY  /lb    alb\n    ANY  /fn    function-url\n')
  expect(shown).toContain('  mail\n    not on HTTP\n')
  expect(shown).toContain(`  $ curl ${url}/prod/orders\n`)
  expect(shown).toContain(
    `  $ aws lambda invoke --endpoint-url ${url} --region us-east-1 --no-sign-request --function-name mail /dev/stdout\n`,
  )
  expect(shown).toContain(`  for AWS SDKs  AWS_ENDPOINT_URL_LAMBDA=${url}\n`)
  const event = async (path: string) => (await (await fetch(url + path)).json()) as Record<string, unknown>
  expect(await event('/prod/orders')).toMatchObject({ resource: '/orders', requestContext: { stage: 'prod' } })
  expect(await event('/pets')).toMatchObject({ version: '2.0', routeKey: 'GET /pets' })
  expect(await event('/lb/x')).toMatchObject({ path: '/lb/x', requestContext: { elb: {} } })
  expect(await event('/fn/x')).toMatchObject({ routeKey: '$default', rawPath: '/fn/x' })
  const invoke = `${url}/2015-03-31/functions/mail/invocations`
  const answer = await fetch(invoke, {
    method: 'POST',
    body: '{"to":"you"}',
    headers: { 'content-type': 'application/json' },
  })
  expect(await answer.json()).toEqual({ to: 'you' })
  await dev.says('mail   INFO in mail')
})

test('lines of invocations at the same time say whose they are; those alone do not', async () => {
  const { folder } = project({
    'fnware.config.ts': config(),
    'src/hello.ts': `export const handler = async ({ rawPath }: { rawPath: string }) => {
      console.log('in', rawPath); await new Promise((r) => setTimeout(r, 300)); console.log('out', rawPath); return rawPath }`,
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  await text(`${url}/alone`)
  await dev.says('\nINFO out /alone\n└ ')
  await Promise.all(['/a', '/b'].map((path) => text(url + path)))
  await until(() => dev.output().split('└').length === 4)
  const ids = dev.output().match(/^([\da-f]{8}) (?=INFO out|└)/gm)!
  expect(ids).toHaveLength(4)
  expect(new Set(ids).size).toBe(2)
  for (const path of ['/a', '/b']) expect(dev.output()).toMatch(new RegExp(`^[\\da-f]{8} INFO out ${path}$`, 'm'))
  await text(`${url}/again`)
  await dev.says('\nINFO out /again\n└ ')
})

test('a handler that is not there: says which file, and what to do; one that is none too', async () => {
  const { folder, write } = project({
    'fnware.config.ts': config("functions: { hello: { entry: 'src/hello.ts', handler: 'main' } }"),
    'src/hello.ts': 'export const handler = () => 1',
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  await dev.says('src/hello.ts exports no `main`: export it, or name another with `handler` in the configuration\n')
  await dev.url()
  write('src/hello.ts', 'export const main = 7')
  await dev.says('`main` of src/hello.ts is not a function\n')
})

test('what is throttled, tried again and dropped is said', async () => {
  const { folder } = project({
    'fnware.config.ts': config(
      "functions: { hello: { entry: 'src/hello.ts', async: { retries: 1, waits: [0.1] } }, none: { entry: 'src/hello.ts', reservedConcurrency: 0 } }",
    ),
    'src/hello.ts': "export const handler = async () => { throw new Error('no') }",
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  const invoke = (name: string, type: string) =>
    fetch(`${url}/2015-03-31/functions/${name}/invocations`, {
      method: 'POST',
      headers: { 'x-amz-invocation-type': type },
    })
  expect((await invoke('none', 'RequestResponse')).status).toBe(429)
  await dev.says('none  throttled: `reservedConcurrency` is reached\n')
  expect((await invoke('none', 'Event')).status).toBe(202)
  await dev.says('none  the event is dropped: `reservedConcurrency` is 0\n')
  expect((await invoke('hello', 'Event')).status).toBe(202)
  await dev.says('hello the event is tried again in 0.1 s\n')
  await dev.says('hello the event is dropped after 2 attempts: no attempts are left\n')
})

test('packages resolve from the function’s folder; paths of tsconfig are followed', async () => {
  const { folder } = project({
    'fnware.config.ts': config("functions: { hello: { entry: 'services/hello/src/hello.ts' } }"),
    'services/hello/package.json': '{ "name": "hello", "type": "module" }',
    'services/hello/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'services/hello/src/hello.ts':
      "import dep from 'dep'\nimport { word } from '@/word'\nexport const handler = async () => [dep, word].join(' ')",
    'services/hello/src/word.ts': "export const word = 'word'",
    'elsewhere/dep/package.json': '{ "name": "dep", "main": "index.js" }',
    'elsewhere/dep/index.js': "module.exports = require('node:path').basename('/a/of-dep')",
    'services/hello/node_modules/.keep': '',
  })
  symlinkSync(join(folder, 'elsewhere/dep'), join(folder, 'services/hello/node_modules/dep'))
  const dev = fnware(folder, ['dev', '--port', '0'])
  expect(await text(await dev.url())).toBe('of-dep word')
  expect(existsSync(join(folder, 'services/hello/.fnware/.gitignore'))).toBe(true)
})

test('two at once in one project do not disturb each other, and what a killed one left is cleared', async () => {
  const { folder } = project({ 'fnware.config.ts': config(), 'src/hello.ts': hello('hi') })
  const killed = fnware(folder, ['dev', '--port', '0'])
  await killed.url()
  await killed.ends('SIGKILL')
  await until(() => processesIn(folder).length === 0)
  expect(readdirSync(join(folder, '.fnware'))).toContain(`dev-${killed.process.pid}`)
  const [a, b] = [fnware(folder, ['dev', '--port', '0']), fnware(folder, ['dev', '--port', '0'])]
  const urls = [await a.url(), await b.url()]
  expect(readdirSync(join(folder, '.fnware'))).not.toContain(`dev-${killed.process.pid}`)
  await a.ends('SIGTERM')
  expect(await text(urls[1]!)).toBe('hi /')
})

import { expect, test } from 'vitest'
import { fnware, project } from './testing.ts'

const entry = { 'src/a.ts': 'export const handler = () => 1' }
const config = (text: string) =>
  `import { defineConfig } from 'fnware'\nexport default defineConfig(${text} as never)\n`

/** What the command says and its exit code, when it ends at once. */
async function run(args: string[], files: Record<string, string> = {}, env: Record<string, string> = {}) {
  const command = fnware(project(files).folder, args, env)
  const { code } = await command.ends()
  return { code, output: command.output() }
}

test('--help, no command, --version', async () => {
  for (const args of [['--help'], ['dev', '-h'], []]) {
    const { code, output } = await run(args)
    expect(code).toBe(0)
    for (const flag of ['--port', '--host', '--config', '--inspect', '--version']) expect(output).toContain(flag)
  }
  expect(await run(['--version'])).toEqual({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+.*\n$/) })
})

test.each([
  [['dve'], 'unknown command `dve`: did you mean `dev`?'],
  [['zzzzzz'], 'unknown command `zzzzzz`: see fnware --help'],
  [['dev', '--prot', '1'], 'unknown flag `--prot`: did you mean `--port`?'],
  [['dev', '-x'], 'unknown flag `-x`'],
  [['dev', 'more'], 'fnware dev takes no `more`'],
  [['dev', '--port'], '--port must be a port from 0 to 65535, got nothing'],
  [['dev', '--port', 'http'], '--port must be a port from 0 to 65535, got `http`'],
  [['dev', '--port=70000'], 'got `70000`'],
  [['dev', '--inspect=0'], '--inspect must be a port from 1 to 65535, got `0`'],
  [['dev', '--config'], '--config needs a value'],
  [['dev', '--config', 'none.ts'], 'none.ts (--config)'],
])('%j is refused: %s', async (args, message) => {
  const { code, output } = await run(args)
  expect(code).toBe(1)
  expect(output).toContain(message)
  expect(output).not.toMatch(/\n\s+at /)
})

test('no configuration: shows a minimal one', async () => {
  const { code, output } = await run(['dev'])
  expect(code).toBe(1)
  expect(output).toContain('There is no fnware.config.ts in ')
  expect(output).toContain("    hello: { entry: 'src/hello.ts' },")
})

test.each([
  ['{}', 'fnware.config.ts: option `functions` is missing'],
  ['{ functions: {} }', 'functions: there is none'],
  [
    "{ functions: { a: { entry: 'src/a.ts' } }, prot: 1 }",
    'fnware.config.ts: unknown option `prot`: did you mean `port`?',
  ],
  ["{ functions: { a: { entrie: 'src/a.ts' } } }", 'functions.a: unknown option `entrie`: did you mean `entry`?'],
  ["{ functions: { a: { entry: 'src/a.ts', code: '/x' } } }", 'functions.a: unknown option `code`'],
  ['{ functions: { a: {} } }', 'functions.a: option `entry` is missing'],
  ["{ functions: { a: { entry: 'src/b.ts' } } }", 'functions.a.entry: there is no file /'],
  [
    "{ functions: { a: { entry: 'src/a.ts', timeout: 901 } } }",
    'functions.a.timeout: expected a whole number of seconds from 1 to 900, got 901',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', front: 'rest' } } }",
    "functions.a.front: expected one of 'http-api', 'rest-api', 'function-url', 'alb', or an object with such a `type`, got \"rest\"",
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', front: { type: 'alb', stage: 'prod' } } } }",
    'functions.a.front: unknown option `stage`',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', front: { type: 'rest-api', stage: '/prod' } } } }",
    'functions.a.front.stage: expected letters, digits, - and _, as in \'prod\', got "/prod"',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', http: ['/a', { route: '/b', frnt: 'alb' }] } } }",
    'functions.a.http[1]: unknown option `frnt`: did you mean `front`?',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', front: 'alb' }, b: { entry: 'src/a.ts' } } }",
    'fnware.config.ts: functions.a.front: `front` has no effect, no route leads here: give it `http` too',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', async: { retries: 3 } } } }",
    'functions.a.async.retries: expected a whole number from 0 to 2, got 3',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', async: { waits: 60 } } } }",
    'functions.a.async.waits: expected a list of seconds, one for each retry, as in [60, 120], got 60',
  ],
  [
    "{ concurrency: 0, functions: { a: { entry: 'src/a.ts' } } }",
    'concurrency: expected a whole number from 1 to 1000, got 0',
  ],
  [
    "{ concurrency: 2, functions: { a: { entry: 'src/a.ts', reservedConcurrency: 3 } } }",
    'functions reserve a concurrency of 3 together, and there are 2: reserve less, or raise `concurrency`',
  ],
  [
    "{ functions: { a: { entry: 'src/a.ts', example: { paht: '/' } } } }",
    'functions.a.example: unknown option `paht`: did you mean `path`?',
  ],
  ["{ functions: { a: { entry: 'src/a.ts', example: { path: 'x' } } } }", 'functions.a.example.path: expected a path'],
  [
    "{ functions: { a: { entry: 'src/a.ts', environment: { AWS_REGION: 'x' } } } }",
    '`AWS_REGION` is reserved by Lambda',
  ],
])('the configuration %s is refused: %s', async (given, message) => {
  const { code, output } = await run(['dev', '--port', '0'], { ...entry, 'fnware.config.ts': config(given) })
  expect(output).toContain(message)
  expect(code).toBe(1)
  expect(output).not.toMatch(/\n\s+at /)
})

test.each([
  ['export const config = 1', 'fnware.config.ts has no default export'],
  ['export default {', "fnware.config.ts can't be read"],
  ["throw new Error('from inside')", 'from inside'],
])('the file %s is refused: %s', async (text, message) => {
  const { code, output } = await run(['dev'], { 'fnware.config.ts': text })
  expect(code).toBe(1)
  expect(output).toContain(message)
})

test('a wrong PORT says that it is PORT', async () => {
  const files = { ...entry, 'fnware.config.ts': config("{ functions: { a: { entry: 'src/a.ts' } } }") }
  expect((await run(['dev'], files, { PORT: 'abc' })).output).toContain(
    'PORT must be a port from 0 to 65535, got `abc`',
  )
})

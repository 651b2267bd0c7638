import { type Case, handler } from '../case.ts'

const everything = `async () => {
  console.log('%s is %d', 'a', 1, { b: [1] })
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) console[level](level)
  console.log()
  console.log(undefined, null)
  console.log('two\\nlines')
  console.log({ order: 7, at: new Date(0), nested: { deep: { deeper: { deepest: 1 } } } })
  console.log(new Map([[1, 2]]), [1n], Symbol('s'))
  console.error(new TypeError('bad'))
  console.warn('with an error', new RangeError('far'), { more: 1 })
  class Own extends Error { code = 'E_OWN' }
  console.info(new Own('own', { cause: new Error('why') }))
  const circle = {}
  circle.self = circle
  console.info(circle)
  console.info(1n)
  console.dir({ dir: 1 })
  console.table([{ a: 1 }])
  console.assert(false, 'assertion')
  console.group('group')
  console.log('inside')
  console.groupEnd()
  console.count()
}`

/** What \`console\` writes, and what goes to stdout and stderr by itself. */
export const logs: readonly Case[] = [
  { name: 'console as text', files: handler(everything) },
  { name: 'console as JSON', files: handler(everything), options: { logFormat: 'JSON' } },
  ...(['DEBUG', 'WARN', 'FATAL'] as const).flatMap((logLevel): Case[] => [
    { name: `console as text, from ${logLevel} on`, files: handler(everything), options: { logLevel } },
    {
      name: `console as JSON, from ${logLevel} on`,
      files: handler(everything),
      options: { logFormat: 'JSON', logLevel },
    },
  ]),
  {
    name: 'JSON: the error that a function throws',
    files: handler("async () => { throw new TypeError('thrown') }"),
    options: { logFormat: 'JSON' },
  },
  {
    name: 'JSON: a string that a function throws',
    files: handler("async () => { throw 'text' }"),
    options: { logFormat: 'JSON' },
  },
  {
    name: 'JSON: an error at INIT',
    files: { 'index.mjs': "console.log('loading')\nthrow new Error('at load')\n" },
    options: { logFormat: 'JSON' },
  },
  {
    name: 'JSON, from FATAL on: the error that a function throws',
    files: handler("async () => { throw new TypeError('thrown') }"),
    options: { logFormat: 'JSON', logLevel: 'FATAL' },
  },
  {
    name: 'JSON for a tenant',
    files: handler("async () => console.log('of a tenant')"),
    options: { logFormat: 'JSON' },
    invocations: [{ options: { tenantId: 't-1' } }],
  },
  {
    name: 'stdout and stderr',
    files: handler(
      "async () => { process.stdout.write('out\\n'); process.stderr.write('err\\n'); process.stdout.write('no line break') }",
    ),
  },
  {
    name: 'much output, whole',
    pause: 1000,
    only: {
      mode: 'single',
      because:
        'aws-lambda-ric writes to a pipe that does not block: what its reader is too slow for is an error, EAGAIN',
    },
    files: handler(
      "async () => { for (let i = 0; i < 2000; i++) console.log(i % 500 ? '' : i, 'x'.repeat(200).slice(i % 500 && 200)) }",
    ),
  },
]

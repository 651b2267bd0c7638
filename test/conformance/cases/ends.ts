import { type Case, handler, short } from '../case.ts'

/** Functions that end their environment, or do not come back. */
export const ends: readonly Case[] = [
  { name: 'exit(0)', files: handler('async () => process.exit(0)'), options: short },
  { name: 'exit(1)', files: handler("async () => { console.log('before'); process.exit(1) }"), options: short },
  {
    name: 'killed by a signal',
    files: handler(
      "async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 1000)) }",
    ),
  },
  { name: 'aborts', files: handler('async () => process.abort()') },
  {
    name: 'never settles, with nothing to wait for',
    files: handler("() => { console.log('before'); return new Promise(() => {}) }"),
    options: short,
  },
  {
    name: 'never settles, with a timer',
    files: handler('() => new Promise(() => setInterval(() => {}, 1000))'),
    options: short,
    invocations: [{}, {}],
  },
  { name: 'does not yield', files: handler('() => { for (;;); }'), options: short },
  {
    name: 'an unhandled rejection',
    files: handler(
      "async () => { Promise.reject(new TypeError('nobody')); await new Promise((r) => setTimeout(r, 5000)) }",
    ),
    options: short,
  },
  {
    name: 'an unhandled rejection with a string',
    files: handler("async () => { Promise.reject('text'); await new Promise((r) => setTimeout(r, 5000)) }"),
    options: short,
  },
  {
    name: 'an uncaught exception from a timer',
    files: handler(
      "async () => { setTimeout(() => { throw new RangeError('late') }); await new Promise((r) => setTimeout(r, 5000)) }",
    ),
    options: short,
  },
  {
    name: 'an uncaught exception that the function listens for',
    files: {
      'index.mjs': `process.on('uncaughtException', (error) => console.log('caught', error.message))
export const handler = async () => {
  setTimeout(() => { throw new Error('late') })
  await new Promise((r) => setTimeout(r, 100))
  return 'goes on'
}
`,
    },
  },
  {
    name: 'an unhandled rejection that the function listens for',
    files: {
      'index.mjs': `process.on('unhandledRejection', (error) => console.log('caught', error.message))
export const handler = async () => {
  Promise.reject(new Error('nobody'))
  await new Promise((r) => setTimeout(r, 100))
  return 'goes on'
}
`,
    },
  },
  {
    name: 'an unhandled rejection after the answer',
    files: handler("async () => { setTimeout(() => Promise.reject(new Error('too late')), 100); return 'answered' }"),
    invocations: [{}, {}],
    pause: 500,
  },
  {
    name: 'exit after the answer',
    files: handler("async () => { setTimeout(() => process.exit(3), 100); return 'answered' }"),
    invocations: [{}, {}],
    pause: 500,
  },
  {
    name: 'listeners of beforeExit and exit',
    options: short,
    files: {
      'index.mjs':
        "process.on('beforeExit', () => console.log('beforeExit'))\nprocess.on('exit', (code) => console.log('exit', code))\nexport const handler = async () => process.exit(5)\n",
    },
  },
  {
    name: 'SIGTERM when the environment is shut down',
    files: {
      'index.mjs':
        "process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(0) })\nexport const handler = async () => 1\n",
    },
  },
  {
    name: 'work left behind goes on in the next invocation',
    files: {
      'index.mjs':
        'let left = 0\nexport const handler = async () => { setTimeout(() => left++, 1); const was = left; await new Promise((r) => setTimeout(r, 50)); return [was, left] }\n',
    },
    invocations: [{}, {}],
  },
]

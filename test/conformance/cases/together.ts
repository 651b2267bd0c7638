import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Case, handler, short } from '../case.ts'

/** The package as a function brings it. */
const invokeStore = (name: string) =>
  readFileSync(
    createRequire(import.meta.url)
      .resolve('@aws/lambda-invoke-store')
      .replace(/dist-\w+.*/, name),
    'utf8',
  )

const numbers = Array.from({ length: 8 }, (_, n) => ({ event: { n } }))
const multi = { only: { mode: 'multi', because: 'one at a time otherwise' }, together: true } as const

const streaming = {
  'index.mjs': `export const handler = awslambda.streamifyResponse(async ({ n }, out) => {
  out.write('a' + n)
  await new Promise((r) => setTimeout(r, 30))
  out.end('b' + n)
})
`,
}

/** Whether all four invocations were in one copy of the module. */
const shared = {
  'index.mjs': `let seen = 0
export const handler = async () => {
  seen++
  await new Promise((r) => setTimeout(r, 500))
  return seen === 4
}
`,
}

/** Invocations at once in one environment, which runs four. */
export const together: readonly Case[] = [
  {
    name: 'at once: each its own result, context and store',
    files: handler(`async ({ n }, context) => {
  const store = awslambda.InvokeStore
  store.set('n', n)
  await new Promise((r) => setTimeout(r, 50 - n * 5))
  console.log('of', n)
  return [n, store.get('n'), store.getRequestId() === context.awsRequestId, store.getXRayTraceId() === context.xRayTraceId]
}`),
    invocations: numbers.slice(0, 4),
    ...multi,
  },
  {
    name: 'at once: no more than four in an environment',
    files: {
      'index.mjs': `let inside = 0
let most = 0
export const handler = async () => {
  most = Math.max(most, ++inside)
  await new Promise((r) => setTimeout(r, 300))
  inside--
  return most <= 4 && most > 1
}
`,
    },
    invocations: numbers,
    ...multi,
  },
  {
    name: 'at once: one fails, the others do not',
    files: handler(
      "async ({ n }) => { await new Promise((r) => setTimeout(r, 20)); if (n === 1) throw new Error('one'); return n }",
    ),
    invocations: numbers.slice(0, 3),
    ...multi,
  },
  {
    name: 'at once: one is late, the others are not',
    files: handler('async ({ n }) => { await new Promise((r) => setTimeout(r, n === 1 ? 3000 : 20)); return n }'),
    options: short,
    invocations: numbers.slice(0, 3),
    ...multi,
  },
  {
    name: 'at once: one streams, as do the others',
    files: streaming,
    invocations: numbers.slice(0, 4),
    ...multi,
  },
  {
    name: 'at once: @aws/lambda-invoke-store',
    files: {
      'node_modules/@aws/lambda-invoke-store/package.json': invokeStore('package.json'),
      'node_modules/@aws/lambda-invoke-store/dist-es/invoke-store.js': invokeStore('dist-es/invoke-store.js'),
      'node_modules/@aws/lambda-invoke-store/dist-cjs/invoke-store.js': invokeStore('dist-cjs/invoke-store.js'),
      'index.mjs': `import { InvokeStore } from '@aws/lambda-invoke-store'
const store = await InvokeStore.getInstanceAsync()
export const handler = async ({ n }, context) => {
  await new Promise((r) => setTimeout(r, 30 - n * 5))
  return [store === awslambda.InvokeStore, store.getRequestId() === context.awsRequestId, store.hasContext()]
}
`,
    },
    invocations: numbers.slice(0, 3),
    ...multi,
  },
  {
    name: 'at once: one ends the environment',
    files: handler(
      'async ({ n }) => { await new Promise((r) => setTimeout(r, n === 1 ? 100 : 5000)); process.exit(1) }',
    ),
    options: short,
    invocations: numbers.slice(0, 3),
    ...multi,
  },
  { name: 'at once: they share the state of a module', files: shared, invocations: numbers.slice(0, 4), ...multi },
  {
    name: 'at once, in two worker threads: the state of a module',
    files: shared,
    options: { environment: { AWS_LAMBDA_NODEJS_WORKER_COUNT: '2', UV_THREADPOOL_SIZE: '16' } },
    invocations: numbers.slice(0, 4),
    warm: 2000,
    ...multi,
  },
  {
    name: "at once, with aws-lambda-ric's other client: streams",
    files: streaming,
    options: { ...short, environment: { AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true' } },
    invocations: numbers.slice(0, 1),
    ...multi,
  },
]

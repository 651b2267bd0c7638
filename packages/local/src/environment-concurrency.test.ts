import { expect, test } from 'vitest'
import { running, taskRoot, until } from './testing.ts'
import { invocable, json } from './testing-aws.ts'

const parse = (result: { payload: string }) => JSON.parse(result.payload) as never

test('an environment runs as many at once as it may; the next gets another', async () => {
  const { lambda } = await running({
    f: {
      source: `let inside = 0, most = 0, go; const all = new Promise(r => go = r)
        export const handler = async ({ last }) => {
          most = Math.max(most, ++inside)
          if (inside === 3 || last) go()
          await all
          inside--
          const { AWS_LAMBDA_MAX_CONCURRENCY: max, AWS_LAMBDA_INITIALIZATION_TYPE: type } = process.env
          return { most, pid: process.pid, max, type }
        }`,
      environmentConcurrency: 3,
    },
  })
  const results = await Promise.all([{}, {}, {}, { last: true }].map((event) => lambda.invoke('f', event)))
  const [a, b, c, d] = results.map(
    (result) => parse(result) as { most: number; pid: number; max: string; type: string },
  )
  expect(new Set([a!.pid, b!.pid, c!.pid])).toEqual(new Set([a!.pid]))
  expect(d!.pid).not.toBe(a!.pid)
  expect([a!.most, d!.most, a!.max, a!.type]).toEqual([3, 1, '3', 'lambda-managed-instances'])
  await until(() => lambda.functions[0]!.environments.every(({ state }) => state === 'idle'))
  expect(lambda.functions[0]!.environments).toHaveLength(2)
})

test('each has a store of its own, its trace is in no variable, and every line says whose it is', async () => {
  const { lambda, events } = await running({
    f: {
      source: `const { InvokeStore } = awslambda
        export const handler = async ({ n }, context) => {
          InvokeStore.set('n', n)
          for (let i = 0; i < 5; i++) {
            await new Promise(r => setTimeout(r, (n * 7 + i * 3) % 11))
            console.log(InvokeStore.get('n'))
            if (InvokeStore.getRequestId() !== context.awsRequestId) throw new Error('mixed')
          }
          return [n, InvokeStore.getXRayTraceId() === context.xRayTraceId, '_X_AMZN_TRACE_ID' in process.env]
        }`,
      environmentConcurrency: 16,
    },
  })
  const numbers = Array.from({ length: 64 }, (_, n) => n)
  const results = await Promise.all(numbers.map((n) => lambda.invoke('f', { n })))
  expect(results.map(parse)).toEqual(numbers.map((n) => [n, true, false]))
  await until(() => events.filter(({ type }) => type === 'report').length === 64)
  results.forEach(({ requestId }, n) => {
    const lines = events.flatMap((event) => (event.type === 'log' && event.requestId === requestId ? [event.line] : []))
    expect(lines.map((line) => (JSON.parse(line) as { message: number }).message)).toEqual(new Array(5).fill(n))
  })
})

test('a timeout is told to who invoked, and ends nothing: its place is free when the code is done', async () => {
  const { lambda, logs } = await running({
    f: {
      source: `export const handler = async ({ ms }) => {
          await new Promise(r => setTimeout(r, ms)); console.log('done', ms); return process.pid }`,
      environmentConcurrency: 1,
      timeout: 1,
    },
  })
  const quick = parse(await lambda.invoke('f', { ms: 0 }))
  const late = await lambda.invoke('f', { ms: 1500 })
  expect(parse(late)).toMatchObject({ errorType: 'Sandbox.Timedout' })
  // The place is still taken, so that another environment serves.
  expect(parse(await lambda.invoke('f', { ms: 0 }))).not.toBe(quick)
  await until(() => logs().some((line) => line.includes('done 1500')))
  await until(() => lambda.functions[0]!.environments.every(({ state }) => state === 'idle'))
  expect(parse(await lambda.invoke('f', { ms: 0 }))).toBe(quick)
})

test('an environment that ends fails all that it runs, each by its own name', async () => {
  const { lambda, events } = await running({
    f: {
      source: `export const handler = async ({ exit }) => {
        await new Promise(r => setTimeout(r, exit ? 100 : 5000)); process.exit(3) }`,
      environmentConcurrency: 4,
      timeout: 10,
    },
  })
  const results = await Promise.all([{}, {}, { exit: true }].map((event) => lambda.invoke('f', event)))
  for (const result of results)
    expect(parse(result)).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${result.requestId} Error: Runtime exited with error: exit status 3`,
    })
  await until(() => lambda.functions[0]!.environments.length === 0)
  expect(events.filter(({ type }) => type === 'exit')).toEqual([])
})

test('what is under way on old code ends there, and its environment after the last', async () => {
  const source = (text: string) => `export const handler = async ({ ms }) => {
    await new Promise(r => setTimeout(r, ms)); return '${text}' }`
  const { lambda } = await running({ f: { source: source('old'), environmentConcurrency: 8 } })
  await lambda.warm('f')
  const open = [400, 700].map((ms) => lambda.invoke('f', { ms }))
  await lambda.update('f', { code: await taskRoot({ 'index.mjs': source('new') }) })
  expect(parse(await lambda.invoke('f', { ms: 0 }))).toBe('new')
  expect((await Promise.all(open)).map(parse)).toEqual(['old', 'old'])
  await until(() => lambda.functions[0]!.environments.length === 1)
})

test('an environment of old code ends when nobody waits for what it runs any longer, ready or not', async () => {
  const source = `export const handler = async ({ ms }) => {
    await new Promise(r => setTimeout(r, ms ?? 1e6)); return process.pid }`
  const { lambda } = await running({ f: { source, environmentConcurrency: 8, timeout: 1 } })
  await lambda.invoke('f', {})
  const open = lambda.invoke('f', {})
  const old = lambda.functions[0]!.environments[0]!.id
  await lambda.update('f', { memory: 256 })
  expect(parse(await open)).toMatchObject({ errorType: 'Sandbox.Timedout' })
  await until(() => lambda.functions[0]!.environments.every(({ id }) => id !== old))
})

test('a line is of the invocation whose id it carries itself, AWS’s or Powertools’, and of no other', async () => {
  const { lambda, events } = await running({
    f: {
      source: `const log = (line) => process.stdout.write(JSON.stringify(line) + '\\n')
        export const handler = async (event, { awsRequestId }) => {
          log({ message: 'powertools', function_request_id: awsRequestId })
          log({ message: 'nested', event: { requestContext: { requestId: crypto.randomUUID() } }, requestId: awsRequestId })
          log({ message: 'nobody' })
          process.stdout.write('{ no JSON\\n')
        }`,
      environmentConcurrency: 8,
    },
  })
  const { requestId } = await lambda.invoke('f', {})
  await until(() => events.filter(({ type }) => type === 'log').length === 4)
  const ids = events.flatMap((event) => (event.type === 'log' ? [event.requestId] : []))
  expect(ids).toEqual([requestId, requestId, undefined, undefined])
})

test('it is invoked as published, as Managed Instances are, and no other function is', async () => {
  const source = 'export const handler = async (_, { invokedFunctionArn }) => invokedFunctionArn'
  const { invoke } = await invocable({ many: { source, environmentConcurrency: 2 }, one: source })
  const { Payload } = await invoke('many', { Qualifier: '$LATEST.PUBLISHED' })
  expect(json(Payload)).toMatch(/:function:many:\$LATEST\.PUBLISHED$/)
  expect((await invoke('many:$LATEST.PUBLISHED')).StatusCode).toBe(200)
  await expect(invoke('one:$LATEST.PUBLISHED')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:one:$LATEST.PUBLISHED',
  })
})

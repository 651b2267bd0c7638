import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { poolSize } from './size.ts'

const many = (concurrency: string, workers?: string) => ({
  AWS_LAMBDA_MAX_CONCURRENCY: concurrency,
  ...(workers && { AWS_LAMBDA_NODEJS_WORKER_COUNT: workers }),
})

test.each([
  ['one where invocations run one at a time', {}, {}, 1],
  ['one under a concurrency of one', {}, many('1', '8'), 1],
  ['what is said', { max: 5 }, many('64', '8'), 5],
  ['no less than one', { max: 0 }, {}, 1],
  ['as many as run at once in a worker', {}, many('16', '8'), 2],
  ['rounded up, so that none waits where it need not', {}, many('17', '8'), 3],
  ['no more than the budget allows all workers together', {}, many('640', '8'), 4],
  ['within a budget that is given', { budget: 16 }, many('640', '8'), 2],
  ['one for each worker at least', { budget: 4 }, many('640', '8'), 1],
  ['nothing that is no number', {}, many('x', '8'), 1],
])('a pool has %s', (_, options, env, size) => {
  expect(poolSize(options, env)).toBe(size)
})

test('Lambda’s number of workers is known where it is not said', () => {
  const workers = 8 * availableParallelism()
  expect(poolSize({ budget: 1_000_000 }, many(String(workers * 3)))).toBe(3)
})

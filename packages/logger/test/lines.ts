import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { expect } from 'vitest'
import { type Logger, type LoggerOptions, logger, type PowertoolsLogger } from '../src/index.ts'

export type Line = Readonly<Record<string, unknown>>

/** The lines of one invocation. */
export const lines = async (
  fn: (ctx: { logger: Logger }) => unknown,
  options: LoggerOptions | PowertoolsLogger = { completion: false },
  event: unknown = {},
): Promise<readonly Line[]> => {
  const { logs } = await collectLogs(async () => {
    const handler = lambda().use(logger(options)).handle(fn)
    await handler(event, fakeContext({ awsRequestId: 'id-1', functionName: 'orders' })).catch(() => {})
  })
  expect(logs.json).toHaveLength(logs.text.length)
  return logs.json
}

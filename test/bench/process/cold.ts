import { writeSync } from 'node:fs'
import { context } from './context.ts'
import { httpEvent } from './event.ts'
import { order } from './requests.ts'

/**
 * The process of a cold start: loads a bundled function, has it answer once, and tells over a pipe of its own when that
 * is done and how much processor time the process has used. What the function logs goes to stdout, as it would.
 */
// Lambda's runtime client (aws-lambda-ric) has loaded it before it loads a function, by `require`, as this does.
process.getBuiltinModule('node:http')
const { handler } = (await import(process.argv[2]!)) as {
  handler: (event: unknown, context: unknown) => Promise<unknown>
}
const answer = (await handler(httpEvent('POST', '/orders', JSON.stringify(order)), context())) as {
  statusCode?: number
}
const { user, system } = process.cpuUsage()
const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
const undici = moduleLoadList.some((name) => name.includes('undici/undici'))
writeSync(3, JSON.stringify({ status: answer?.statusCode, cpu: (user + system) / 1e3, undici }))
process.exit()

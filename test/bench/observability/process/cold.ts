import { writeSync } from 'node:fs'
import { context } from '../../process/context.ts'
import { httpEvent } from '../../process/event.ts'
import { order } from '../../process/requests.ts'
import type { Handler } from './invocations.ts'

/**
 * The process of a cold start of the whole stack: loads it, has it answer once, and tells over a pipe of its own when that
 * is done. `BENCH_TRACE` is the trace header that the invocation comes with, and `BENCH_NOTE` whether its order has a note,
 * for which the function needs its secret.
 */
// Lambda's runtime client (aws-lambda-ric) has loaded it before it loads a function, by `require`, as this does.
process.getBuiltinModule('node:http')
const { BENCH_TRACE: trace, BENCH_NOTE: isNoted } = process.env
const { note, ...plain } = order
const event = httpEvent('POST', '/orders', JSON.stringify(isNoted ? { ...plain, note } : plain))

const { handler } = (await import(process.argv[2]!)) as { handler: Handler }
process.env._X_AMZN_TRACE_ID = trace
const answer = (await handler(event, Object.assign(context(), { xRayTraceId: trace }))) as {
  statusCode?: number
  body?: string
}
const { user, system } = process.cpuUsage()
const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
const undici = moduleLoadList.some((name) => name.includes('undici/undici'))
const isRight = answer?.statusCode === 201 && answer.body?.includes('"seal"') === (isNoted !== undefined)
writeSync(3, JSON.stringify({ status: isRight ? 201 : answer.body, cpu: (user + system) / 1e3, undici }))
process.exit()

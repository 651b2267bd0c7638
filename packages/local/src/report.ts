// The lines that Lambda itself writes to a function's log.

import type { LambdaEvent, ReportEvent } from './events.ts'
import type { Failure } from './failures.ts'
import type { FunctionOptions } from './options.ts'

export const startLine = (requestId: string): string => `START RequestId: ${requestId} Version: $LATEST`

const endLine = (requestId: string): string => `END RequestId: ${requestId}`

const timeoutLine = (requestId: string, seconds: number): string =>
  `${new Date().toISOString()} ${requestId} Task timed out after ${seconds.toFixed(2)} seconds`

export const initTimeoutLine = (ms: number): string =>
  `INIT_REPORT Init Duration: ${ms.toFixed(2)} ms\tPhase: init\tStatus: timeout`

function reportLine(report: Omit<ReportEvent, 'line'>): string {
  const parts = [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${report.duration.toFixed(2)} ms`,
    `Billed Duration: ${report.billed} ms`,
    `Memory Size: ${report.memory} MB`,
  ]
  if (report.memoryUsed !== undefined) parts.push(`Max Memory Used: ${report.memoryUsed} MB`)
  if (report.init !== undefined) parts.push(`Init Duration: ${report.init.toFixed(2)} ms`)
  if (report.status !== 'success') parts.push(`Status: ${report.status}`)
  if (report.status === 'error' && report.errorType) parts.push(`Error Type: ${report.errorType}`)
  return `${parts.join('\t')}\t`
}

type Where = Pick<ReportEvent, 'time' | 'function' | 'environment' | 'requestId'>

/** What came of an invocation; times in ms. */
interface Account extends Pick<ReportEvent, 'duration' | 'init' | 'memoryUsed'> {
  readonly failure: Failure | undefined
}

/** What Lambda says when an invocation is over. */
export function lastEvents(at: Where, options: FunctionOptions, account: Account): LambdaEvent[] {
  const { timeout = 3, memory = 128 } = options
  const { failure, duration, init, memoryUsed } = account
  const { requestId } = at
  const isTimeout = failure?.errorType === 'Sandbox.Timedout'
  const report = {
    ...at,
    type: 'report',
    status: isTimeout ? 'timeout' : failure ? 'error' : 'success',
    errorType: failure?.errorType,
    errorMessage: failure?.errorMessage,
    duration,
    billed: Math.ceil(duration + (init ?? 0)),
    memory,
    memoryUsed,
    init,
  } as const
  return [
    ...(isTimeout ? [{ ...at, type: 'log', line: timeoutLine(requestId, timeout) } as const] : []),
    { ...at, type: 'end', line: endLine(requestId) },
    { ...report, line: reportLine(report) },
  ]
}

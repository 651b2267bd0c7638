/** The lines that Lambda itself writes to a function's log. */

import type { ReportEvent } from './events.ts'

export const startLine = (requestId: string): string => `START RequestId: ${requestId} Version: $LATEST`

export const endLine = (requestId: string): string => `END RequestId: ${requestId}`

export const timeoutLine = (requestId: string, seconds: number): string =>
  `${new Date().toISOString()} ${requestId} Task timed out after ${seconds.toFixed(2)} seconds`

export const initTimeoutLine = (ms: number): string =>
  `INIT_REPORT Init Duration: ${ms.toFixed(2)} ms\tPhase: init\tStatus: timeout`

export function reportLine(report: Omit<ReportEvent, 'line'>): string {
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

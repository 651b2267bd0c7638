import type { LambdaEvent } from '@fnware/local'
import type { FunctionConfig } from './config.ts'
import type { Style } from './style.ts'

type Of<Type extends LambdaEvent['type']> = Extract<LambdaEvent, { type: Type }>

export const ms = (duration: number): string => `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms`

/** The account of the invocation says the same. */
export const timeoutLine: RegExp = /^\S+ \S+ Task timed out after [\d.]+ seconds$/

/** The account of an invocation, in a line. */
export function reported(report: Of<'report'>, style: Style): string {
  const parts = [ms(report.duration)]
  if (report.init !== undefined) parts.push(`cold start ${ms(report.init)}`)
  if (report.memoryUsed !== undefined) parts.push(`${report.memoryUsed} MB`)
  const account = style('dim', `└ ${parts.join(', ')}`)
  // What the handler threw is in the log already. What ended its process is not.
  const ended = report.status === 'timeout' || report.errorType === 'Runtime.ExitError'
  const failed =
    (ended && report.errorMessage?.replace(/^RequestId: \S+ Error: /, '')) || (report.errorType ?? 'failed')
  return report.status === 'success' ? account : `${account} ${style('red', failed)}`
}

/** What is wrong with an INIT, where the log does not say it, or not in words of the project. */
export function initError({ errorType, errorMessage }: Of<'initError'>, config: FunctionConfig | undefined): string[] {
  if (errorType === 'Sandbox.Timedout') return [errorMessage]
  if (errorType.startsWith('Runtime.Exit')) return [`INIT: ${errorMessage}`]
  if (errorType !== 'Runtime.HandlerNotFound' || !config) return []
  const { entry, handler = 'handler' } = config
  if (errorMessage.endsWith('is not a function')) return [`\`${handler}\` of ${entry} is not a function`]
  return [`${entry} exports no \`${handler}\`: export it, or name another with \`handler\` in the configuration`]
}

/** What the developer should know of, and no log says. */
export function troubleOf(event: LambdaEvent): { readonly color: 'red' | 'yellow'; readonly text: string } | undefined {
  if (event.type === 'exit') return { color: 'yellow', text: `an environment ended: ${event.reason}` }
  if (event.type === 'badResponse')
    return { color: 'red', text: `${event.statusCode}: the result is no HTTP response: ${event.reason}` }
  if (event.type === 'throttle') {
    const own = event.reason.startsWith('Reserved')
    return { color: 'yellow', text: `throttled: \`${own ? 'reservedConcurrency' : 'concurrency'}\` is reached` }
  }
  if (event.type === 'retry') return { color: 'yellow', text: retryOf(event) }
  if (event.type === 'dropped') {
    if (event.reason === 'ZeroReservedConcurrency')
      return { color: 'red', text: 'the event is dropped: `reservedConcurrency` is 0' }
    const tried = event.attempts === 1 ? 'one attempt' : `${event.attempts} attempts`
    const why = event.reason === 'EventAgeExceeded' ? 'it would be too old by the next' : 'no attempts are left'
    return { color: 'red', text: `the event is dropped after ${tried}: ${why}` }
  }
  return undefined
}

function retryOf({ attempts, wait }: Of<'retry'>): string {
  const when = `in ${wait / 1000} s`
  return attempts === 0 ? `the event waits for room: tried again ${when}` : `the event is tried again ${when}`
}

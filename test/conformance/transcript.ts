import type { InvokeResult, LambdaEvent, LogEvent } from '@fnware/local'
import { cleaner } from './clean.ts'

/** What was seen of a case, from outside. */
export interface Seen {
  readonly root: string
  readonly events: readonly LambdaEvent[]
  readonly results: readonly InvokeResult[]
  /** States of the environments when all was over. */
  readonly states: readonly string[]
  /** How many events there were before the local Lambda was closed. */
  readonly before: number
}

/** What was seen as lines that two runs have in common: without times, ids, folders and the runtime's own frames. */
export function transcript({ root, events, results, states, before }: Seen): string[] {
  const clean = cleaner(
    root,
    results.map(({ requestId }) => requestId),
  )
  const lines = (some: readonly LambdaEvent[], requestId?: string) =>
    some
      .flatMap((event) =>
        isWritten(event) && event.requestId === requestId && !isOfClient(event) ? [clean(event.line, requestId)] : [],
      )
      .filter((line) => line !== '' && !crash.test(line))
      .map((line) => `  log: ${line}`)
      // What comes from stdout and what from stderr have no order.
      .sort((a, b) => Number(isRaw(a)) - Number(isRaw(b)))
  const open = events.slice(0, before).filter((event, i) => !isAfterInitError(event, events.slice(0, i)))
  const written = open.filter(({ type }) => type === 'log').length
  // Which of so many lines came before the answer is a matter of the pipe.
  if (written > 100) return [...results.map((result) => clean(outcome(result))), `  log: ${written} lines`]
  const outside = [
    ...lines(open),
    ...open
      .filter(isWritten)
      .filter(isOfClient)
      .map(({ line }) => `  log: ${clean(line)}`),
  ]
  return [
    ...(outside.length ? ['outside any invocation', ...outside] : []),
    ...results.flatMap((result, i) => [
      `invocation ${i + 1}`,
      ...lines(open, result.requestId),
      clean(outcome(result), result.requestId),
    ]),
    ending(open, states),
    ...lines(events.slice(before)),
  ]
}

function ending(events: readonly LambdaEvent[], states: readonly string[]): string {
  const exit = events.find((event) => event.type === 'exit')
  if (exit) return `environment: ended by itself, ${exit.reason}`
  return states.length ? `environment: ${states.join(', ')}` : 'environment: ended'
}

const isRaw = (line: string) => !/^ {2}log: (TIME|\{)/.test(line)

/** What Node writes round an error that ends it. */
const crash = /^(-----|\s*\d+: |node:|Node\.js v|\s+\^|\s+throw |\s+triggerUncaughtException|Thrown at:)/

/** An environment that has reported its INIT as failed is killed, whatever its process may still have to say. */
const isAfterInitError = (event: LambdaEvent, earlier: readonly LambdaEvent[]): boolean =>
  event.type === 'log' &&
  !/^(\d{4}-|\{)/.test(event.line) &&
  earlier.some(
    (one) => one.type === 'initError' && one.environment === event.environment && one.errorType !== 'Runtime.ExitError',
  )

const isWritten = (event: LambdaEvent): event is LogEvent => event.type === 'log'

/** What the native half of aws-lambda-ric writes to stderr, at any time. */
const isOfClient = ({ line }: LogEvent): boolean =>
  /^\[(ERROR\] \[\d+\]|Error: Failed to get next invocation)/.test(line)

function outcome({ payload, functionError }: InvokeResult): string {
  if (!functionError) return `  result: ${payload}`
  const { errorType, errorMessage, trace } = JSON.parse(payload) as Record<string, unknown>
  return `  error (${functionError}): ${JSON.stringify({ errorType, errorMessage, trace })}`
}

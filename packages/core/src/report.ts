import type { Context } from './context.ts'
import { flightOf, type InFlight, type Invocation } from './invocation.ts'

/** Where an invocation's own troubles are written: what was answered but not expected, what came too late. */
export type Reporter = (level: 'warn' | 'error', message: string, error?: unknown, record?: ReportedRecord) => void

/** Of a batch, where what is told of is about one of its records. */
export interface ReportedRecord {
  /** As the source names it in the log. */
  readonly id: string
  /** The record's own context. */
  readonly ctx: Invocation
}

/** A port: a logger takes over, for this invocation, what would go to the console. */
export const reportTo = (ctx: Invocation, reporter: Reporter): void => {
  ;(ctx as unknown as InFlight)[flightOf].report = reporter
}

/** Where an invocation's troubles are told. */
export interface Reports {
  say(...line: Parameters<Reporter>): void
}

/** A port: taken while the invocation runs, it may be told more when that has ended. */
export const reportsOf = (ctx: Invocation): Reports => (ctx as unknown as InFlight)[flightOf]

/** Stacks and causes alone: what else hangs on an error may be anybody's secret. */
export const toConsole =
  (context: Context | undefined): Reporter =>
  (level, message, error) =>
    console[level](`${context?.awsRequestId}: ${message}${error === undefined ? '' : `\n${stacks(error, 5)}`}`)

const stacks = (error: unknown, depth: number): string => {
  let text = '(unreadable)'
  try {
    if (!(error instanceof Error)) return String(error)
    text = `${error.stack}`
    if (depth > 0) {
      if (error instanceof AggregateError) for (const one of error.errors) text += `\n[error] ${stacks(one, depth - 1)}`
      if (error.cause !== undefined) text += `\n[cause] ${stacks(error.cause, depth - 1)}`
    }
  } catch {
    // As far as it could be read.
  }
  return text
}

import type { BatchError, DeadlineError, HttpError, InputError, PermanentError } from './errors.ts'

/** Names an error's kind. A registered symbol and never `instanceof`: a function may hold two copies of this package. */
export const kind: unique symbol = Symbol.for('fnware.error') as never

interface Kinds {
  BatchError: BatchError
  DeadlineError: DeadlineError
  HttpError: HttpError
  InputError: InputError
  PermanentError: PermanentError
}

/** Whether `error` is one of fnware's, by whichever copy of this package it was made. */
export const isError = <K extends keyof Kinds>(error: unknown, name: K): error is Kinds[K] =>
  (error as Record<symbol, unknown> | null | undefined)?.[kind] === name

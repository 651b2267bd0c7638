import type { Match } from '../http-routes.ts'
import type { Received } from './received.ts'
import type { HttpResponse } from './result.ts'
import type { ReadHead } from './streamed-response.ts'

/** What a front hands to the function. */
export interface Handed {
  readonly event: object
  /** What it tells the client whatever the function answers: ids. */
  readonly headers: Readonly<Record<string, string>>
  /** The request id of the invocation, where the front shares it. */
  readonly requestId?: string
}

/** Why there is no answer of the function. */
export type FailureKind = 'failed' | 'timeout' | 'throttled' | 'requestTooLarge' | 'notFound'

/** A service between HTTP and a function. */
export interface Front {
  /** The most that it takes of a body, in bytes. */
  readonly bodyLimit: number
  /** ms that it waits for the function; none when it waits for as long as that may run. */
  readonly limit: number | undefined
  /** Reads the head of an answer that is passed on piece by piece, in a front that does so. */
  readonly stream?: ReadHead | undefined
  hand(received: Received, match: Match<unknown>): Handed
  /**
   * The response that a function's result stands for.
   *
   * @param payload the result as JSON
   * @throws {BadResponse} saying what is wrong with it
   */
  answer(payload: string, received: Received): HttpResponse
  /** What it answers in the place of the function. A result that is no response counts as `failed`. */
  failure(kind: FailureKind): HttpResponse
}

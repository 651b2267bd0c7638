import type { Failure, Open } from '../engine.ts'

/** A request on its way, and its span. */
export class Call {
  readonly #span: Open
  readonly #over: (() => void) | undefined
  #failure: Failure | undefined
  #isAnswered = false

  constructor(span: Open, over?: () => void) {
    this.#span = span
    this.#over = over
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /** Its answer has begun. */
  answered(status: number, header: (name: string) => string | undefined): void {
    this.#isAnswered = true
    this.#failure = failureOfAnswer(status, header('x-amzn-errortype'))
    const length = Number(header('content-length') ?? Number.NaN)
    const requestId = header('x-amzn-requestid') ?? header('x-amz-request-id') ?? header('x-amzn-request-id')
    this.#span.details({
      http: { status, ...(Number.isSafeInteger(length) && { length }) },
      ...(requestId !== undefined && { aws: { requestId } }),
    })
  }

  /** It is over, with its answer or without one. That who asked gave up is no sign of whose fault it was: a time limit may have done it. */
  ended(error?: unknown): void {
    this.#over?.()
    this.#span.end(error === undefined ? this.#failure : { as: 'fault', error })
  }
}

/** What a status says, and what AWS calls it. */
export const failureOfAnswer = (status: number, type = ''): Failure | undefined => {
  if (status === 429 || throttling.test(type)) return { as: 'throttle' }
  if (status >= 500) return { as: 'fault' }
  return status >= 400 ? { as: 'error' } : undefined
}

const throttling =
  /Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|ProvisionedThroughputExceeded|SlowDown|TransactionInProgress|PriorRequestNotComplete|BandwidthLimitExceeded/

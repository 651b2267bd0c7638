import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from './calls.ts'
import { ServiceError } from './service-error.ts'

/** Which calls a fault is for: an operation, or more narrowly. */
export type Where = string | ((call: Call) => boolean)

/** What becomes of a call, on the wire. */
export type Fault =
  | { readonly error: string; readonly message?: string; readonly status?: number; readonly times?: number }
  /** ms before it is answered as usual. */
  | { readonly delay: number; readonly times?: number }
  /** Never answered. */
  | { readonly hang: true; readonly times?: number }
  /** The connection is reset. */
  | { readonly reset: true; readonly times?: number }
  /** Status 200, and no JSON. */
  | { readonly garbage: true; readonly times?: number }

/** How a call that is not answered as usual ends. */
export type Ending = 'hang' | 'reset' | 'garbage' | undefined

export class Faults {
  #faults: { readonly where: Where; readonly fault: Fault; left: number }[] = []

  add(where: Where, fault: Fault): void {
    this.#faults.push({ where, fault, left: fault.times ?? Infinity })
  }
  clear(): void {
    this.#faults = []
  }

  /** @throws ServiceError for a fault that is an error of the service's */
  async meet(call: Call): Promise<Ending> {
    for (const each of this.#faults) {
      const meant = typeof each.where === 'function' ? each.where(call) : each.where === call.operation
      if (!meant || each.left <= 0) continue
      each.left--
      const { fault } = each
      if ('delay' in fault) await sleep(fault.delay)
      else if ('error' in fault)
        throw new ServiceError(fault.error, fault.message ?? words[fault.error] ?? fault.error, fault.status)
      else return 'hang' in fault ? 'hang' : 'reset' in fault ? 'reset' : 'garbage'
    }
    return undefined
  }
}

const words: { readonly [code: string]: string } = {
  ThrottlingException: 'Rate exceeded',
  InternalServiceError: 'An error occurred on the server side.',
  InternalServerError: 'An error occurred on the server side.',
}

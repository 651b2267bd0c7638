import type { Call } from './calls.ts'

/** What becomes of a call, on the wire. */
export type Fault = (
  | {
      /** The code of an error of AWS's: `ThrottlingException`. */
      readonly error: string
      readonly message?: string
      /** By default 400. */
      readonly status?: number
    }
  /** ms before it is answered as usual. */
  | { readonly delay: number }
  /** Never answered. */
  | { readonly hang: true }
  /** The connection is reset. */
  | { readonly reset: true }
  /** Status 200, and no JSON. */
  | { readonly garbage: true }
) & {
  /** How often; always by default. */
  readonly times?: number
}

/** Which calls a fault is for: an operation (`GetSecretValue`, `ssm:GetParameter`), `*`, or what decides. */
export type Where = string | ((call: Call) => boolean)

export class Faults {
  #armed: { readonly matches: (call: Call) => boolean; readonly fault: Fault; left: number }[] = []

  /** @returns what lifts it */
  add(where: Where, fault: Fault): () => void {
    const armed = { matches: matcher(where), fault, left: fault.times ?? Number.POSITIVE_INFINITY }
    this.#armed.push(armed)
    return () => {
      armed.left = 0
    }
  }

  /** All delays that are for the call, and the first of the other faults: what was added later waits for its turn. */
  strike(call: Call): { delay: number; fault: Exclude<Fault, { delay: number }> | undefined } {
    let delay = 0
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !armed.matches(call)) continue
      armed.left--
      if (!('delay' in armed.fault)) return { delay, fault: armed.fault }
      delay += armed.fault.delay
    }
    return { delay, fault: undefined }
  }

  clear(): void {
    this.#armed = []
  }
}

function matcher(where: Where): (call: Call) => boolean {
  if (typeof where === 'function') return where
  return ({ service, operation }) => where === '*' || where === operation || where === `${service}:${operation}`
}

import type { Counted, Make, Peer } from '../harness/peer.ts'

/** A function with nothing round it: what all ratios but those of the HTTP stack are to. */
export const peer: Peer = { title: 'bare function', packages: [], order: 0 }

export const empty: Make = () => async () => ({ ok: true })

/** The values as one would write them without any middleware: into an object. */
export const adding: Counted = (count) => {
  if (count === 1) return async (event, context) => read({ event, context, k0: 0 })
  if (count === 5) return async (event, context) => read({ event, context, k0: 0, k1: 1, k2: 2, k3: 3, k4: 4 })
  return async (event, context) =>
    read({ event, context, k0: 0, k1: 1, k2: 2, k3: 3, k4: 4, k5: 5, k6: 6, k7: 7, k8: 8, k9: 9 })
}

const read = (ctx: { readonly k0: number; readonly [key: string]: unknown }) => ({ ok: ctx.k0 === 0 })

export const around: Counted = () => async () => ({ ok: true })

export const resources: Counted = () => async () => ({ ok: true })

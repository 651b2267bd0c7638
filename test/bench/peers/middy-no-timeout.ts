import type { Counted, Make, Peer } from '../harness/peer.ts'
import { addingWith, aroundWith, emptyWith, overWith, resourcesWith } from '../stack/middy.ts'

export const peer: Peer = { title: 'Middy, timeout off', packages: ['@middy/core'], order: 6 }

const off = { timeoutEarlyInMillis: 0 }
export const empty: Make = /* @__PURE__ */ emptyWith(off)
export const adding: Counted = /* @__PURE__ */ addingWith(off)
export const around: Counted = /* @__PURE__ */ aroundWith(off)
export const over: Counted = /* @__PURE__ */ overWith(off)
export const resources: Counted = /* @__PURE__ */ resourcesWith(off)

import type { Counted, Make, Peer } from '../harness/peer.ts'
import { addingWith, aroundWith, emptyWith, resourcesWith } from '../stack/middy.ts'

/** As it comes, with its early timeout. */
export const peer: Peer = { title: 'Middy', packages: ['@middy/core'], order: 5 }

export const empty: Make = /* @__PURE__ */ emptyWith()
export const adding: Counted = /* @__PURE__ */ addingWith()
export const around: Counted = /* @__PURE__ */ aroundWith()
export const resources: Counted = /* @__PURE__ */ resourcesWith()

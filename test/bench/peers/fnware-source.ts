import { lambda, type Plain, type Source } from '@fnware/core'
import { verbs } from '@fnware/core/extend'
import type { Counted, Make, Peer } from '../harness/peer.ts'
import { addingOn, aroundOn, emptyOn, overOn, resourcesOn } from '../stack/fnware.ts'

/** A source that answers deadlines and does no more: what that costs the core, without a service's own work. */
export const peer: Peer = { title: 'fnware, with a source', packages: ['@fnware/core'], order: 3 }

const answering: Source<Plain> = {
  name: 'answering',
  open: () => ({}),
  answer: (output) => output as never,
  fail: (error) => {
    throw error
  },
  verbs: verbs as never,
}
const begin = () => lambda(answering)

export const empty: Make = /* @__PURE__ */ emptyOn(begin)
export const adding: Counted = /* @__PURE__ */ addingOn(begin)
export const around: Counted = /* @__PURE__ */ aroundOn(begin)
export const over: Counted = /* @__PURE__ */ overOn(begin)
export const resources: Counted = /* @__PURE__ */ resourcesOn(begin)

import { lambda, type Plain } from '@fnware/core'
import { http } from '@fnware/http'
import type { Counted, Make, Peer } from '../harness/peer.ts'
import { addingOn, emptyOn, resourcesOn } from '../stack/fnware.ts'

/** The same chains under `http()`, which reads a request and writes JSON: what Middy and a bare function do not do here. */
export const peer: Peer = { title: 'fnware, with http()', packages: ['@fnware/core', '@fnware/http'], order: 4 }

const begin = () => lambda(http()) as never as ReturnType<typeof lambda<Plain['event']>>

export const empty: Make = /* @__PURE__ */ emptyOn(begin)
export const adding: Counted = /* @__PURE__ */ addingOn(begin)
export const resources: Counted = /* @__PURE__ */ resourcesOn(begin)

import { logger as ownLogger } from '@fnware/logger'
import { metrics as ownMetrics } from '@fnware/metrics'
import { tracer as ownTracer } from '@fnware/tracer'
import type { Counted, Make, Peer } from '../../harness/peer.ts'
import { allOn, awaitsOf, idleOn, loggerOn, metricsOn, plainOf, tracedAwaitsOn, tracerOn } from '../stack/fnware.ts'
import { fnwareStack } from '../stack/fnware-stack.ts'
import { namespace, service, units } from '../stack/work.ts'

/** With its own engines. */
export const peer: Peer = {
  title: 'fnware',
  packages: ['@fnware/core', '@fnware/http', '@fnware/logger', '@fnware/tracer', '@fnware/metrics', '@fnware/secrets'],
  order: 2,
}

const logged = () => ownLogger({ service })
const traced = () => ownTracer({ service })
const metered = () => ownMetrics({ namespace, service, metrics: units, dimensions: ['tenant', 'channel'] })

export const plain: Make = plainOf
export const awaits: Counted = awaitsOf
export const logger: Make = /* @__PURE__ */ loggerOn(logged)
export const idle: Make = /* @__PURE__ */ idleOn(traced)
export const tracer: Make = /* @__PURE__ */ tracerOn(traced)
export const tracedAwaits: Counted = /* @__PURE__ */ tracedAwaitsOn(traced)
export const metrics: Make = /* @__PURE__ */ metricsOn(metered)
export const all: Make = /* @__PURE__ */ allOn(logged, traced, metered)
export const stack: Make = () => fnwareStack()

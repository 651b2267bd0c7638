import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { logger as ownLogger } from '@fnware/logger'
import { metrics as ownMetrics } from '@fnware/metrics'
import { tracer as ownTracer } from '@fnware/tracer'
import { powertools } from '@fnware/tracer/powertools'
import type { Make, Peer } from '../../harness/peer.ts'
import { allOn, loggerOn, metricsOn, tracerOn } from '../stack/fnware.ts'
import { loggerOptions, metricsOptions, tracerOptions } from '../stack/powertools.ts'
import { units } from '../stack/work.ts'

/** Given the instances that somebody has. No target is about it. */
export const peer: Peer = {
  title: 'fnware with Powertools’ instances',
  packages: [
    '@fnware/core',
    '@fnware/logger',
    '@fnware/tracer',
    '@fnware/metrics',
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/tracer',
    '@aws-lambda-powertools/metrics',
  ],
  order: 4,
}

const logged = () => ownLogger(new Logger(loggerOptions))
const traced = () => ownTracer({ engine: powertools(new Tracer(tracerOptions)) })
const metered = () => ownMetrics(new Metrics(metricsOptions), { metrics: units, dimensions: ['tenant', 'channel'] })

export const logger: Make = /* @__PURE__ */ loggerOn(logged)
export const tracer: Make = /* @__PURE__ */ tracerOn(traced)
export const metrics: Make = /* @__PURE__ */ metricsOn(metered)
export const all: Make = /* @__PURE__ */ allOn(logged, traced, metered)

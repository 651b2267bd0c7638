import { albEvent, functionUrlEvent, httpApiEvent, type RequestOptions, restApiEvent } from '@fnware/testing'
import type { HttpEvent } from '../src/index.ts'

/** A service: how it says a request, and what it cannot say. */
export interface Service {
  readonly name: string
  readonly event: (request: RequestOptions) => HttpEvent
  /** Keeps the last of several values under one name. */
  readonly lastAlone?: boolean
  /** Decodes the path, so that an encoded slash is one, and an encoded question mark its end. */
  readonly decodesPath?: boolean
}

export const services: readonly Service[] = [
  { name: 'HTTP API', event: httpApiEvent, decodesPath: true },
  { name: 'HTTP API with a stage', event: (it) => httpApiEvent({ ...it, stage: 'prod' }), decodesPath: true },
  { name: 'function URL', event: functionUrlEvent },
  { name: 'REST API', event: restApiEvent },
  { name: 'ALB', event: albEvent, lastAlone: true },
  { name: 'ALB, multi-value', event: (it) => albEvent({ ...it, multiValue: true }) },
]

export type { SegmentDocument } from './datagram.ts'
export type { Exception, Span } from './spans.ts'
export { startXRay, type XRay } from './xray.ts'

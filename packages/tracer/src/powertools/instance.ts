/** A subsegment of `aws-xray-sdk-core`, or the segment of Lambda's that it has a stand-in for. */
export interface XRaySegment {
  readonly id: string
  readonly trace_id?: string
  readonly segment?: XRaySegment | undefined
  readonly parent?: XRaySegment | undefined
  /** How many of those below it are open. */
  readonly counter?: number
  cause?: unknown
  namespace?: string
  http?: unknown
  aws?: unknown
  addNewSubsegment(name: string): XRaySegment
  removeSubsegment(subsegment: XRaySegment): void
  addAnnotation(key: string, value: string | number | boolean): void
  addMetadata(key: string, value: unknown, namespace?: string): void
  addSqlData(sql: unknown): void
  addErrorFlag(): void
  addFaultFlag(): void
  addThrottleFlag(): void
  isClosed(): boolean
  close(): void
  /** Sends it if nothing below it is open, or else what is below it and closed. Whether it was sent. */
  streamSubsegments?(): boolean | undefined
}

/** A `Tracer` of `@aws-lambda-powertools/tracer`. */
export interface PowertoolsTracer {
  readonly provider: {
    getNamespace(): { readonly active: unknown; run(fn: () => void): unknown; get(key: string): unknown }
    /** Of the SDK's own class. */
    setSegment(segment: never): void
  }
  isTracingEnabled(): boolean
  getSegment(): unknown
}

/** What it keeps to itself. */
export interface Settings {
  readonly serviceName?: string
  readonly captureHTTPsRequests?: boolean
  readonly captureError?: boolean
}
export const settingsOf = (instance: PowertoolsTracer): Settings => instance as unknown as Settings

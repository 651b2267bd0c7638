import type { Details, Failure, Open, SpanStart } from '../engine.ts'
import { jsonOf } from '../json.ts'
import { withoutSecrets } from '../secrets.ts'
import { xrayHeader } from '../trace.ts'
import { isAnnotation, nameOf } from '../xray/names.ts'
import type { XRaySegment } from './instance.ts'
import type { Tracing } from './tracing.ts'

/** A subsegment of the X-Ray SDK that is open. */
export class OpenSubsegment implements Open {
  readonly id: string
  readonly tracing: Tracing
  readonly segment: XRaySegment
  #ended = false

  constructor(tracing: Tracing, segment: XRaySegment) {
    this.tracing = tracing
    this.segment = segment
    this.id = segment.id
    tracing.opened(this)
  }

  child({ name, kind, details }: SpanStart): OpenSubsegment {
    const segment = this.segment.addNewSubsegment(nameOf(name))
    if (kind !== 'own') segment.namespace = kind
    const open = new OpenSubsegment(this.tracing, segment)
    if (details) open.details(details)
    return open
  }

  run<T>(fn: () => T): T {
    const { provider } = this.tracing.instance
    let result: T | undefined
    provider.getNamespace().run(() => {
      provider.setSegment(this.segment as never)
      result = fn()
    })
    return result as T
  }

  annotate(key: string, value: string | number | boolean): void {
    if (this.#ended) return
    if (isAnnotation(key, value))
      this.segment.addAnnotation(key, typeof value === 'string' ? withoutSecrets(value) : value)
    else this.metadata(key, value)
  }
  metadata(key: string, value: unknown, namespace?: string): void {
    if (this.#ended) return
    // The SDK writes it as JSON when it sends it, and what throws then is lost with all the rest.
    this.segment.addMetadata(
      withoutSecrets(String(key)),
      JSON.parse(jsonOf(value)),
      namespace ?? this.tracing.settings.serviceName,
    )
  }

  details({ http, aws, sql }: Details): void {
    if (this.#ended) return
    if (http) this.#http(http)
    if (aws) this.segment.aws = { ...(this.segment.aws as object), ...awsOf(aws) }
    if (sql) {
      const { url, type, user, statement } = sql
      this.segment.addSqlData(present({ url, database_type: type, user, sanitized_query: statement }))
    }
  }
  #http({ method, url, userAgent, clientIp, status, length }: NonNullable<Details['http']>) {
    const { request, response } = (this.segment.http ?? {}) as { request?: object; response?: object }
    this.segment.http = {
      request: { ...request, ...present({ method, url, user_agent: userAgent, client_ip: clientIp }) },
      response: { ...response, ...present({ status, content_length: length }) },
    }
  }

  headers(): Record<string, string> {
    const { root, lineage } = this.tracing.trace
    return { 'x-amzn-trace-id': xrayHeader({ root, sampled: true, lineage }, this.id) }
  }

  end(failure?: Failure): void {
    if (this.#ended) return
    if (failure) this.#fail(failure)
    this.#ended = true
    this.tracing.closed(this)
  }

  /** Not by the SDK, which knows no causes and cannot read the stacks of ES modules. */
  #fail(failure: Failure) {
    const { segment, tracing } = this
    if ('error' in failure && tracing.settings.captureError !== false) segment.cause = tracing.causeOf(failure.error)
    if (failure.as === 'fault') return segment.addFaultFlag()
    segment.addErrorFlag()
    if (failure.as === 'throttle') segment.addThrottleFlag()
  }
}

const awsOf = ({ operation, region, requestId, retries, resources }: NonNullable<Details['aws']>) =>
  present({ operation, region, request_id: requestId, retries, ...resources })

const present = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? withoutSecrets(value) : value]],
    ),
  )

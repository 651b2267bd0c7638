import type { Loaded, Open } from '../engine.ts'
import { awsCallOf } from './aws.ts'
import { Call } from './call.ts'
import { addHeaders } from './headers.ts'
import type { Hosts } from './hosts.ts'
import { hostnameOf, type Outgoing, urlOf } from './outgoing.ts'
import { Shown } from './shown.ts'

/** The calls that an engine is told of. */
export class Calls {
  readonly #loaded: Loaded
  readonly #hosts: Hosts
  readonly shown: Shown = new Shown()

  constructor(loaded: Loaded, hosts: Hosts) {
    this.#loaded = loaded
    this.#hosts = hosts
  }

  /** The span that calls are shown below. */
  active(): Open | undefined {
    return this.#loaded.active()
  }

  /** Shows a request, unless nothing is traced where it is made, or it is none of the function's. */
  begin(request: Outgoing): Call | undefined {
    const parent = this.#loaded.active()
    if (!parent || this.#hosts.isHidden(request.host) || this.shown.has(request)) return undefined
    const http = { method: request.method, url: urlOf(request) }
    if (this.#hosts.isExtension(request.host))
      return new Call(parent.child({ name: 'Parameters and Secrets extension', kind: 'own', details: { http } }))
    const aws = awsCallOf(request)
    const span = parent.child({
      name: aws?.service ?? hostnameOf(request.host),
      kind: aws ? 'aws' : 'remote',
      details: { http, ...(aws && { aws }) },
    })
    if (!this.mayTell(request.host)) return new Call(span)
    const headers = span.headers()
    addHeaders(request, headers)
    const given = Object.values(headers)
    for (const value of given) this.shown.add(value)
    return new Call(span, () => {
      for (const value of given) this.shown.delete(value)
    })
  }

  /** Whether the trace may be told of there. */
  mayTell(host: string): boolean {
    return !this.#hosts.isUntold(host)
  }
}

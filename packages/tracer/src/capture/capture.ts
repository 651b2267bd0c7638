import type { Loaded } from '../engine.ts'
import { Calls } from './calls.ts'
import { Hosts } from './hosts.ts'
import { captureHttp } from './http.ts'
import { captureHttp2 } from './http2.ts'
import type { CaptureOptions } from './options.ts'
import { captureResources } from './resources.ts'
import { tracing } from './tracing.ts'
import { captureUndici } from './undici.ts'

/**
 * Shows outgoing calls below the innermost span, once for each engine. Node tells of them: nothing is replaced, and neither
 * node:http nor undici is loaded for it.
 */
export const capture = (loaded: Loaded, options?: CaptureOptions): void => {
  const calls = new Calls(loaded, new Hosts(options))
  captureResources(loaded)
  tracing().push(calls)
  if (loaded.captures) return
  captureHttp(calls)
  captureUndici(calls)
  captureHttp2(calls)
}

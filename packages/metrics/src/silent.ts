import type { Metrics } from './ctx-metrics.ts'

/** Where metrics are switched off. */
export const silent: Metrics<string, string> = {
  add: () => {},
  dimensions: () => {},
  with: () => silent,
  metadata: () => {},
  timestamp: () => {},
}

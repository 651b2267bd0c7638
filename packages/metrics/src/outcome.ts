import type { Ending } from '@fnware/core'
import { type Definition, definition } from './definition.ts'
import type { Writer } from './writer.ts'

/** How invocations end, in zeros and ones, so that an average is a rate and an alarm has data. */
const ends = ['Errors', 'Timeouts', 'Refused'].map((name, index) => definition(name, 'Count', index))
const duration = definition('Duration', 'Milliseconds', 3)
const batch = ['Records', 'FailedRecords'].map((name, index) => definition(name, 'Count', 4 + index))
export const outcomeNames: readonly string[] = [...ends, duration, ...batch].map(({ name }) => name)

/** Of HTTP: a client may send any other. */
const methods = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/

/** Tells how an invocation ended. */
export type Tell = (ending: Ending, started: [seconds: number, nanoseconds: number]) => void

/** Errors are the function's own, timeouts among them; refused is what the client did wrong. */
export const outcomes = (writer: Writer): Tell => {
  const plain = writer.shape({ names: [], sets: [[]] })
  // A total, which an alarm looks at, and one for each route.
  const routed = writer.shape({ names: ['route'], sets: [[], [0]] })
  return ({ outcome, summary }, started) => {
    const { method, route, status, records, failed } = summary
    const [seconds, nanoseconds] = process.hrtime(started)
    // What a function answers is told by its status, be it thrown or returned.
    const isError = outcome === 'error' || outcome === 'timeout' || Number(status) >= 500
    const isRefused = !isError && (outcome === 'refused' || Number(status) >= 400)
    const isBatch = typeof records === 'number' && typeof failed === 'number'
    writer.write({
      ...(typeof route === 'string'
        ? { shape: routed, dimensions: [`${methods.test(`${method}`) ? method : 'ANY'} ${route}`] }
        : { shape: plain, dimensions: [] }),
      metrics: isBatch ? ofBatches : ofAll,
      values: [
        Number(isError),
        Number(outcome === 'timeout'),
        Number(isRefused),
        Math.round(seconds * 1e6 + nanoseconds / 1e3) / 1e3,
        ...(isBatch ? [records, failed] : []),
      ],
    })
  }
}
const ofAll: readonly Definition[] = [...ends, duration]
const ofBatches: readonly Definition[] = [...ofAll, ...batch]

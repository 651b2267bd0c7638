import { context } from '../../process/context.ts'
import { requests } from '../../process/requests.ts'

/** An invocation as Lambda's runtime client makes it: the trace header is in its context, and in the environment. */
export interface Invoked {
  readonly event: object
  readonly context: object
  readonly trace: string
}

const [asked] = requests('plain')
export const wrong = asked!.wrong

let turn = 0
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
/** Of some hundreds in turn: glibc remembers every value that a variable ever had, and takes longer the more there are. */
const traces = Array.from(
  { length: 256 },
  (_, i) => `Root=1-6565a1b2-${hex(i + 1, 24)};Parent=${hex(0x53995c3f42cd8 + i, 16)};Sampled=`,
)
const header = { sampled: traces.map((trace) => `${trace}1`), unsampled: traces.map((trace) => `${trace}0`) }

/** Each with another trace than the one before. */
export const invocation = (sampled: boolean): Invoked => {
  const trace = header[sampled ? 'sampled' : 'unsampled'][turn++ % traces.length]!
  return { event: asked!.event(), context: Object.assign(context(), { xRayTraceId: trace }), trace }
}

export type Handler = (event: unknown, context: unknown) => Promise<unknown>

export const invoke = (handler: Handler, { event, context, trace }: Invoked): Promise<unknown> => {
  process.env._X_AMZN_TRACE_ID = trace
  return handler(event, context)
}

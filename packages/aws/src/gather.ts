export interface GatherOptions<Request, Answer> {
  /** How many may be asked for at once. */
  readonly most: number
  /** What makes two requests the same. */
  identify(request: Request): string
  /** The answers, in the order of the requests; an Error for each that failed alone. */
  ask(requests: readonly Request[], signal: AbortSignal): Promise<readonly (Answer | Error)[]>
}

/** Asks for what is wanted in the same tick together: identical requests once, in parallel chunks. */
export const gather = <Request, Answer>(
  options: GatherOptions<Request, Answer>,
): ((request: Request, signal: AbortSignal) => Promise<Answer>) => {
  let waiting: Map<string, Wanted<Request, Answer>> | undefined
  const flush = () => {
    const all = [...(waiting as Map<string, Wanted<Request, Answer>>).values()]
    waiting = undefined
    for (let i = 0; i < all.length; i += options.most) settle(all.slice(i, i + options.most), options)
  }
  return (request, signal) =>
    new Promise((resolve, reject) => {
      if (!waiting) {
        waiting = new Map()
        queueMicrotask(flush)
      }
      const id = options.identify(request)
      const wanted = waiting.get(id) ?? { request, signals: [], resolve: [], reject: [] }
      waiting.set(id, wanted)
      wanted.signals.push(signal)
      wanted.resolve.push(resolve)
      wanted.reject.push(reject)
    })
}

interface Wanted<Request, Answer> {
  readonly request: Request
  readonly signals: AbortSignal[]
  readonly resolve: ((answer: Answer) => void)[]
  readonly reject: ((error: unknown) => void)[]
}

const settle = async <Request, Answer>(
  wanted: readonly Wanted<Request, Answer>[],
  { ask }: GatherOptions<Request, Answer>,
) => {
  try {
    const answers = await ask(
      wanted.map(({ request }) => request),
      all(wanted.flatMap(({ signals }) => signals)),
    )
    for (const [i, { resolve, reject }] of wanted.entries()) {
      const answer = answers[i] as Answer | Error
      if (answer instanceof Error) for (const each of reject) each(answer)
      else for (const each of resolve) each(answer)
    }
  } catch (error) {
    for (const { reject } of wanted) for (const each of reject) each(error)
  }
}

/** Aborted when nobody wants it any more. */
const all = (signals: readonly AbortSignal[]): AbortSignal => {
  if (signals.length === 1) return signals[0] as AbortSignal
  const controller = new AbortController()
  let left = signals.length
  const gone = (signal: AbortSignal) => {
    if (--left === 0) controller.abort(signal.reason)
  }
  for (const signal of signals)
    if (signal.aborted) gone(signal)
    else signal.addEventListener('abort', () => gone(signal), { once: true })
  return controller.signal
}

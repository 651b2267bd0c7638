/** What a resource does on its own account, such as a query, for a trace to show. */
export interface Work {
  readonly name: string
  readonly kind: 'sql' | 'redis' | 'aws' | 'http'
  readonly annotations?: Readonly<Record<string, string | number | boolean>>
  /** Without a password, and without the values of a statement. */
  readonly sql?: {
    readonly url?: string
    readonly database_type?: string
    readonly user?: string
    readonly statement?: string
  }
}

/** Begins to show it, where something is traced. Gives what is to be called at its end. */
type Begin = (work: () => Work) => ((error?: unknown) => void) | undefined

/** Those who show it. On the global object, for a function that holds two copies of this package. */
const observers: Begin[] = /* @__PURE__ */ (() =>
  ((globalThis as Record<symbol, unknown>)[Symbol.for('fnware.observers')] ??= []) as never)()

/** A port: a tracer is told of what runs. It gives undefined where no span of its own is open. */
export const observe = (begin: Begin): void => void observers.push(begin)

/** Whoever shows something and fails harms nothing of what is shown. */
const begun = (begin: Begin, work: () => Work): ReturnType<Begin> => {
  try {
    const end = begin(work)
    return (
      end &&
      ((error) => {
        try {
          end(error)
        } catch {}
      })
    )
  } catch {
    return undefined
  }
}

/**
 * What begins now and ends by a callback: gives what is to be called then, or undefined where nothing is traced. Where
 * nobody traces that costs a comparison.
 */
export const observing = (work: () => Work): ((error?: unknown) => void) | undefined => {
  let end: ((error?: unknown) => void) | undefined
  for (const begin of observers) {
    const one = begun(begin, work)
    const others = end
    if (one)
      end = others
        ? (error) => {
            others(error)
            one(error)
          }
        : one
  }
  return end
}

/** Runs something that a trace may show. Where nobody traces that costs a comparison. */
export const observed = <T>(work: () => Work, run: () => Promise<T>): Promise<T> => {
  const end = observing(work)
  if (!end) return run()
  let running: Promise<T>
  try {
    running = run()
  } catch (error) {
    end(error)
    throw error
  }
  return running.then(
    (value) => {
      end()
      return value
    },
    (error) => {
      end(error)
      throw error
    },
  )
}

/** One thing that a function did at INIT, in ms since the epoch. */
export interface Span {
  readonly what: string
  readonly began: number
  readonly ended: number
}

const key = Symbol.for('bench.spans')

/** The spans of this process, for the driver and the bundled function alike. */
export const spans = (): Span[] => ((globalThis as Record<symbol, unknown>)[key] ??= []) as Span[]

export const now = (): number => performance.timeOrigin + performance.now()

/** Notes how long some work took. */
export const span = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const began = now()
  try {
    return await work()
  } finally {
    spans().push({ what, began, ended: now() })
  }
}

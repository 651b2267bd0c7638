/** Awaiting what is no promise costs a turn of the loop: only this is awaited. */
export const isThenable = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

export const promised = <T>(value: T | PromiseLike<T>): Promise<T> =>
  value instanceof Promise ? value : Promise.resolve(value)

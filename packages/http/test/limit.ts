import { type HttpEvent, type HttpOptions, http } from '../src/index.ts'

/** ms after which nobody waits for the answer to an event. */
export const limit = (event: HttpEvent, options?: HttpOptions): number | undefined => {
  const source = http(options)
  const ctx = {} as never
  source.open(event, ctx)
  return source.limit?.(ctx)
}

import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type HttpEvent, type HttpOptions, type HttpRequest, http } from '../src/index.ts'

/** What a handler sees of a request. */
export const seen = async <T>(
  event: HttpEvent,
  read: (request: HttpRequest) => T,
  options?: HttpOptions,
): Promise<T> => {
  const results: T[] = []
  const handler = lambda(http(options)).handle(({ request }) => {
    results.push(read(request))
  })
  const answer = await handler(event, fakeContext())
  if (answer.statusCode !== 204) throw new Error(answer.body)
  return results[0] as T
}

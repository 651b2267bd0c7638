import { alb } from './alb.ts'
import { httpApi } from './http-api.ts'
import type { Payload } from './payload.ts'
import { restApi } from './rest-api.ts'

const payloads = [httpApi, alb, restApi] as unknown as readonly Payload[]

export const recognise = (event: unknown): Payload | undefined =>
  // An authorizer is asked with the whole of a request, and says its `type`: that is not yet for a route to act on.
  typeof event === 'object' && event !== null && !('type' in event)
    ? payloads.find((payload) => payload.is(event))
    : undefined

/** @throws TypeError on an event that is no HTTP request */
export const payloadOf = (event: unknown): Payload => {
  const payload = recognise(event)
  if (payload) return payload
  const what =
    Object(event) === event
      ? `an object with the keys ${Object.keys(event as object).join(', ') || '(none)'}`
      : `${event}`
  throw new TypeError(
    `http() was given no HTTP request of API Gateway, a function URL or a load balancer, but ${what.slice(0, 200)}: is another service invoking this function?`,
  )
}

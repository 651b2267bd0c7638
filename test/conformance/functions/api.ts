import { HttpError, lambda } from '@fnware/core'
import { http, reply } from '@fnware/http'

const until = (aborted: AbortSignal) => new Promise<void>((done) => aborted.addEventListener('abort', () => done()))

/** HTTP, with routes. */
export const handler = lambda(http())
  .use(({ response }, next) => {
    response.headers.set('x-from', 'fnware')
    return next()
  })
  .routes((r) => {
    r.get('/orders/{id}', ({ params, query }) => ({ id: params.id, q: query.q }))
    r.post('/orders', ({ request }) => reply(201, request.body, { location: '/orders/1' }))
    r.get('/fault', () => {
      throw new TypeError('a fault')
    })
    r.get('/taken', () => {
      throw new HttpError(409, 'taken')
    })
    r.get('/cookies', () => {
      const response = new Response('two', { headers: { 'content-type': 'text/plain' } })
      response.headers.append('set-cookie', 'a=1')
      response.headers.append('set-cookie', 'b=2')
      return response
    })
    r.get('/bytes', () => reply(200, new Uint8Array([0, 255]), { 'content-type': 'application/octet-stream' }))
    r.get('/hang', () => new Promise(() => {}))
    r.get('/slow', async ({ signal }) => {
      await until(signal)
      console.log('heard the signal')
      return 'too late'
    })
  })

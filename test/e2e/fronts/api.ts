import { HttpError, lambda } from '@fnware/core'
import { http, reply } from '@fnware/http'

/** Says back what it was asked, whatever service stands in front. */
export const handler = lambda(http())
  .use(({ response }, next) => {
    response.headers.append('set-cookie', 'a=1; Path=/')
    response.headers.append('set-cookie', 'b=2')
    response.headers.set('x-always', 'yes')
    return next()
  })
  .routes((r) => {
    r.post('/shops/{shop}/orders', ({ request, params, body }) => {
      const { method, path, queries, cookies, ip, contentType, headers } = request
      const { 'x-twice': twice, 'x-one': one } = headers
      return reply(
        201,
        { method, path, params, queries, cookies, ip, contentType, body, twice, one },
        { 'x-one': 'back' },
      )
    })
    r.put('/form', ({ body }) => ({ form: body }))
    r.put('/bytes', ({ request }) => [...request.bytes()])
    r.get('/bytes', () => reply(200, new Uint8Array([0, 255, 254, 10]), { 'content-type': 'image/png' }))
    r.get('/nothing', () => undefined)
    r.get('/taken', () => {
      throw new HttpError(409, 'taken')
    })
    r.get('/broken', () => {
      throw new Error('secret')
    })
    r.get('/{rest+}', ({ params }) => params.rest)
  })

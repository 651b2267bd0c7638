import { setTimeout as later } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { type Engine, tracer } from '@fnware/tracer'

export const traced = (engine?: Engine) =>
  lambda(http())
    .use(tracer({ service: 'orders', ...(engine && { engine }) }))
    .handle(async ({ request, tracer }) => {
      const id = request.query.id ?? ''
      await Promise.all([
        tracer.span(`left ${id}`, () => tracer.span(`within ${id}`, () => later(5))),
        tracer.span(`right ${id}`, () => Promise.reject(new Error('disk full'))).catch(() => {}),
      ])
      return { id }
    })

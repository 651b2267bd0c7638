import { type Handler, type Lambda, lambda, type Middleware, type Plain, resource, type Start } from '@fnware/core'
import type { Counted, LambdaFunction, Make } from '../harness/peer.ts'
import { unwound } from './unwound.ts'

/** A chain's beginning, with any source: what the measured chains do is the same under each. */
type Begin = () => Lambda<Plain, {}, Start<unknown>>

const finished = (handler: Handler<unknown, unknown>) => handler as LambdaFunction

export const emptyOn =
  (begin: Begin): Make =>
  () =>
    finished(begin().handle(async () => ({ ok: true })))

export const addingOn =
  (begin: Begin): Counted =>
  (count) => {
    const one = begin().use((_, next) => next({ k0: 0 }))
    if (count === 1) return finished(one.handle(async ({ k0 }) => ({ ok: k0 === 0 })))
    const five = one
      .use((_, next) => next({ k1: 1 }))
      .use((_, next) => next({ k2: 2 }))
      .use((_, next) => next({ k3: 3 }))
      .use((_, next) => next({ k4: 4 }))
    if (count === 5) return finished(five.handle(async ({ k0, k4 }) => ({ ok: k0 + k4 === 4 })))
    const ten = five
      .use((_, next) => next({ k5: 5 }))
      .use((_, next) => next({ k6: 6 }))
      .use((_, next) => next({ k7: 7 }))
      .use((_, next) => next({ k8: 8 }))
      .use((_, next) => next({ k9: 9 }))
    return finished(ten.handle(async ({ k0, k9 }) => ({ ok: k0 + k9 === 9 })))
  }

const wrapping = (): Middleware<{}, {}> => async (_, next) => {
  try {
    return await next()
  } finally {
    unwound.count++
  }
}

const ending = (): Middleware<{}, {}> => (_, next) =>
  next(undefined, () => {
    unwound.count++
  })

const layered =
  (begin: Begin, layer: () => Middleware<{}, {}>): Counted =>
  (count) => {
    let chain = begin()
    for (let i = 0; i < count; i++) chain = chain.use(layer())
    return finished(chain.handle(async () => ({ ok: true })))
  }
export const aroundOn = (begin: Begin): Counted => layered(begin, wrapping)
export const overOn = (begin: Begin): Counted => layered(begin, ending)

const fetched = <Key extends string>(key: Key, value: number) => resource(key, { init: async () => ({ value }) })

export const resourcesOn =
  (begin: Begin): Counted =>
  () =>
    finished(
      begin()
        .use(fetched('r0', 0))
        .use(fetched('r1', 1))
        .use(fetched('r2', 2))
        .use(fetched('r3', 3))
        .use(fetched('r4', 4))
        .use(fetched('r5', 5))
        .use(fetched('r6', 6))
        .use(fetched('r7', 7))
        .use(fetched('r8', 8))
        .use(fetched('r9', 9))
        .handle(async ({ r0, r9 }) => ({ ok: r0.value + r9.value === 9 })),
    )

export const plain: Begin = () => lambda()

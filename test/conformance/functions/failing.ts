import { setTimeout as wait } from 'node:timers/promises'
import { lambda, resource } from '@fnware/core'

let attempts = 0

/** Its first INIT fails while the first invocation waits for it. */
const db = resource('db', {
  init: async () => {
    if (++attempts > 1) return { attempts }
    await wait(500)
    throw new RangeError('refused')
  },
})

export const handler = lambda()
  .use(db)
  .handle(({ db }) => db.attempts)

import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { postgres } from '../src/postgres.ts'
import type { Reached } from './kit.ts'
import { type Answer, answering, type Order } from './orders.ts'

// Node tells it, and its types do not.
declare global {
  namespace NodeJS {
    interface Process {
      readonly moduleLoadList: readonly string[]
    }
  }
}

const reached: Reached = JSON.parse(process.argv[2] as string)
const handler = lambda<Order>()
  .use(postgres(reached))
  .handle(async ({ event, db }): Promise<Answer> => {
    await db.query("insert into ledger values ($1, 'query')", [event.key])
    await db.transaction(async (tx) => {
      const before = await tx.query('select txid_current() as it')
      await tx.query("insert into ledger values ($1, 'transaction')", [event.key])
      const after = await tx.query('select txid_current() as it')
      if (before.rows[0]?.it !== after.rows[0]?.it) throw new Error('two transactions are mixed')
    })
    const { opened, discarded } = db.health
    const undici = process.moduleLoadList.filter((name) => name.includes('undici')).length
    return { opened, discarded, ...(undici > 0 && { undici }) }
  })

answering((order) => handler(order, fakeContext()))

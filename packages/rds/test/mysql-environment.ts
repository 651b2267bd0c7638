import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { mysql } from '../src/mysql.ts'
import type { Reached } from './kit.ts'
import { type Answer, answering, type Order } from './orders.ts'

const reached: Reached = JSON.parse(process.argv[2] as string)
const handler = lambda<Order>()
  .use(mysql(reached))
  .handle(async ({ event, db }): Promise<Answer> => {
    await db.query('insert into notes values (?)', [event.key])
    await db.transaction((tx) => tx.query('insert into notes values (?)', [`${event.key}, too`]))
    const { opened, discarded } = db.health
    return { opened, discarded }
  })

answering((order) => handler(order, fakeContext()))

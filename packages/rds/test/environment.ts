import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { postgres } from '../src/postgres.ts'
import type { Reached } from './kit.ts'

/** What an environment is told, one a line, and answers, one a line. */
export interface Order {
  readonly key: string
}
export interface Answer {
  readonly opened?: number
  readonly discarded?: number
  readonly error?: string
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
    return { opened, discarded }
  })

let rest = ''
process.stdin.on('data', async (chunk) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop() as string
  for (const line of lines) {
    const answer = await handler(JSON.parse(line), fakeContext()).catch((error: Error) => ({
      error: `${error.name}: ${error.message}`,
    }))
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
})
process.stdin.on('end', () => process.exit(0))
process.stdout.write('{}\n')

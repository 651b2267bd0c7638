import { setTimeout as sleep } from 'node:timers/promises'
import type { MariaDb } from 'test-servers'

/** Waits until the server runs a statement of the function's that holds this text. */
export const runningOn = async (server: MariaDb, text: string): Promise<void> => {
  const sql = "select 1 from information_schema.processlist where user = 'app' and position(? in info) > 0"
  while ((await server.query(sql, [text])).length === 0) await sleep(10)
}

import { Signer } from '@aws-sdk/rds-signer'
import pg from 'pg'
import { span } from './span.ts'
import { database } from './values.ts'

/** A pool of pg's as it comes, which signs a token for each connection: what AWS's documentation and pg's come to. */
export const poolByHand = (): pg.Pool => {
  const { user, host, port, database: name } = database()
  const signer = new Signer({ hostname: host, port, username: user })
  return listened(
    new pg.Pool({
      host,
      port,
      user,
      database: name,
      ssl: true,
      password: () => span('token', () => signer.getAuthToken()),
    }),
  )
}

/** Without a listener an error of an idle connection would end the process. */
export const listened = (pool: pg.Pool): pg.Pool => pool.on('error', (error) => console.error(error.message))

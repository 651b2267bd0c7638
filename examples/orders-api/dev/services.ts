import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningService } from 'fnware'
import { Client } from 'pg'
import { startAws } from 'test-aws'
import { type Postgres, startPostgres } from './postgres.ts'

/** What the function has on AWS, on this machine: a database, and Secrets Manager with the secret that opens it. */
export const services = async (name = 'orders-api'): Promise<RunningService> => {
  const [postgres, aws] = await Promise.all([startPostgres(name), startAws()])
  const stop = async () => {
    await aws.close()
    await postgres.stop()
  }
  await makeTables(postgres).catch(async (error) => {
    await stop()
    throw error
  })
  const { host, port, user, password, ca } = postgres
  aws.secrets.create('orders/database', { username: user, password, host, port, dbname: 'postgres' })
  // Lambda gives functions their credentials itself. Here they are those of who runs `fnware dev`: what that
  // Secrets Manager takes.
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = aws.environment
  Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION })
  return {
    environment: { AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint, DB_SECRET: 'orders/database', DB_CA: ca },
    stop,
  }
}

const makeTables = async ({ host, port, user, password, ca }: Postgres) => {
  const client = new Client({ host, port, user, password, database: 'postgres', ssl: { ca } })
  await client.connect()
  await client.query(await readFile(join(import.meta.dirname, '../db/tables.sql'), 'utf8'))
  await client.end()
}

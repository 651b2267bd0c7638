import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Aws, startAws, verifyPresigned } from 'test-aws'
import { type Postgres, startPostgres, startTokenProxy, type TokenProxy } from 'test-servers'
import { parameterNames, secretIds } from '../stack/values.ts'
import { Gate } from './gate.ts'

/** AWS, with the five secrets and the five parameters in it. */
export const awsWithValues = async (): Promise<Aws> => {
  const aws = await startAws()
  for (const id of secretIds) aws.secrets.create(id, `secret of ${id}`)
  for (const name of parameterNames) aws.parameters.put(name, `value of ${name}`, { type: 'SecureString' })
  return aws
}

/** AWS, and PostgreSQL behind a proxy that takes IAM tokens of it: all real but AWS. */
export class StandIns {
  readonly aws: Aws
  readonly gate: Gate
  readonly #postgres: Postgres
  readonly #proxy: TokenProxy
  readonly #ca: string

  private constructor(aws: Aws, postgres: Postgres, proxy: TokenProxy, gate: Gate, ca: string) {
    this.aws = aws
    this.gate = gate
    this.#postgres = postgres
    this.#proxy = proxy
    this.#ca = ca
  }

  /** @param out a folder for the certificate of the database's authority */
  static async start(out: string): Promise<StandIns> {
    const [aws, postgres] = await Promise.all([awsWithValues(), startPostgres()])
    const { credentials, region } = aws
    const verify = (token: string, user: string) => {
      const { host, parameters } = verifyPresigned(token, { credentials, service: 'rds-db', region })
      return host === `127.0.0.1:${gate.port}` && parameters.get('DBUser') === user
    }
    const proxy = await startTokenProxy({ to: postgres, verify })
    const gate = await new Gate(proxy).open()
    const ca = join(out, 'authority.pem')
    await writeFile(ca, proxy.ca)
    return new StandIns(aws, postgres, proxy, gate, ca)
  }

  /** What leads a function to all of them. Node takes the database's authority for one of its own, as it does an RDS Proxy's. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...this.aws.environment,
      DB_HOST: '127.0.0.1',
      DB_PORT: String(this.gate.port),
      DB_NAME: this.#postgres.database,
      DB_USER: this.#postgres.user,
      NODE_EXTRA_CA_CERTS: this.#ca,
    }
  }

  /** ms put on every call to AWS, and on every connect to the database. */
  set latency(ms: number) {
    this.aws.latency = ms
    this.gate.latency = ms
  }

  async close(): Promise<void> {
    await this.gate.close()
    await this.#proxy.close()
    await Promise.all([this.aws.close(), this.#postgres.close()])
  }
}

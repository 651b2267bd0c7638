import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Gatekeeper, Joined } from './login.ts'
import { acceptTls, dial, secureTo, take } from './wire.ts'

/**
 * Checks the token that a client gives as its password in AUTH or HELLO, as ElastiCache does, and logs it in to the
 * server with the password. A later AUTH on the same connection reaches the server as it is.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export async function redisLogin(raw: Socket, gate: Gatekeeper): Promise<Joined> {
  const client = gate.own(await acceptTls(raw, gate.secureContext))
  for (;;) {
    const command = await read(client)
    const auth = command.findIndex((part) => part.toUpperCase() === 'AUTH')
    if (auth < 0) {
      client.write('-NOAUTH Authentication required.\r\n')
      continue
    }
    // Without a user the default one is meant; HELLO always names one.
    const named = command.length > auth + 2
    const user = named ? command[auth + 1]! : 'default'
    const token = command[named ? auth + 2 : auth + 1] ?? ''
    if (!(await gate.admits(token, user))) {
      client.write('-WRONGPASS invalid username-password pair or user is disabled.\r\n')
      continue
    }
    const server = gate.own(await secureTo(gate.own(await dial(gate.to)), gate.to))
    server.write(write(command.with(named ? auth + 2 : auth + 1, gate.passwordOf(user))))
    return { client, server }
  }
}

async function read(client: Duplex): Promise<string[]> {
  const parts: string[] = []
  const count = Number((await line(client)).slice(1))
  for (let index = 0; index < count; index++) {
    const size = Number((await line(client)).slice(1))
    parts.push((await take(client, size + 2)).toString('utf8', 0, size))
  }
  return parts
}

async function line(client: Duplex): Promise<string> {
  let text = ''
  while (!text.endsWith('\r\n')) text += (await take(client, 1)).toString('latin1')
  return text.slice(0, -2)
}

const write = (parts: string[]) =>
  `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Gatekeeper, Joined } from './login.ts'
import { scram } from './scram.ts'
import { acceptTls, dial, secureTo, take } from './wire.ts'

/** Requests that stand where a protocol version does. */
const sslRequest = 80_877_103
const gssRequest = 80_877_104
const cancelRequest = 80_877_102
/** Kinds of the message `R`. */
const authentication = { ok: 0, cleartext: 3, sasl: 10, saslContinue: 11, saslFinal: 12 }

/**
 * Asks a client for a token in place of its password, over TLS alone, and logs it in to the server with the password.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 */
export async function postgresLogin(raw: Socket, gate: Gatekeeper): Promise<Joined> {
  let client: Socket = raw
  let secure = false
  for (;;) {
    const packet = await startPacket(client)
    const version = packet.readInt32BE(4)
    if (version === sslRequest) {
      client.write('S')
      client = gate.own(await acceptTls(client, gate.secureContext))
      secure = true
    } else if (version === gssRequest) client.write('N')
    else if (version === cancelRequest) {
      const server = await toServer(gate)
      server.end(packet)
      client.end()
      return
    } else if (!secure) return refuse(client, '28000', 'This RDS Proxy requires TLS connections')
    else return login(client, packet, gate)
  }
}

async function login(client: Duplex, startup: Buffer, gate: Gatekeeper): Promise<Joined> {
  const fields = startup.subarray(8).toString().split('\0')
  const user = fields[fields.indexOf('user') + 1] ?? ''
  client.write(message('R', int32(authentication.cleartext)))
  const answer = await read(client)
  const token = answer.body.toString().replace(/\0$/, '')
  if (answer.type !== 'p' || !(await gate.admits(token, user)))
    return refuse(client, '28000', `PAM authentication failed for user "${user}"`)

  let server: Duplex
  try {
    server = await toServer(gate)
  } catch (error) {
    return refuse(client, '08006', `the server behind the proxy cannot be reached: ${(error as Error).message}`)
  }
  server.write(startup)
  const exchange = scram(gate.passwordOf(user))
  for (;;) {
    const { type, body, bytes } = await read(server)
    if (type === 'E') return void client.end(bytes)
    const kind = type === 'R' ? body.readInt32BE(0) : -1
    if (kind === authentication.sasl)
      server.write(message('p', cstring('SCRAM-SHA-256'), int32(exchange.first.length), Buffer.from(exchange.first)))
    else if (kind === authentication.saslContinue)
      server.write(message('p', Buffer.from(exchange.final(body.subarray(4).toString()))))
    else if (kind === authentication.ok) {
      client.write(bytes)
      return { client, server }
    } else if (kind !== authentication.saslFinal)
      return refuse(client, '08P01', `the server behind the proxy asks for another authentication: ${type} ${kind}`)
  }
}

async function toServer(gate: Gatekeeper): Promise<Duplex> {
  const socket = gate.own(await dial(gate.to))
  socket.write(Buffer.concat([int32(8), int32(sslRequest)]))
  if ((await take(socket, 1)).toString() !== 'S') throw new Error('it does not speak TLS')
  return gate.own(await secureTo(socket, gate.to))
}

function refuse(client: Duplex, code: string, text: string): undefined {
  const fields = ['SFATAL', 'VFATAL', `C${code}`, `M${text}`]
  client.end(message('E', ...fields.map(cstring), Buffer.from([0])))
}

async function startPacket(client: Duplex): Promise<Buffer> {
  const size = await take(client, 4)
  return Buffer.concat([size, await take(client, size.readInt32BE(0) - 4)])
}

async function read(socket: Duplex): Promise<{ type: string; body: Buffer; bytes: Buffer }> {
  const head = await take(socket, 5)
  const body = await take(socket, head.readInt32BE(1) - 4)
  return { type: head.toString('latin1', 0, 1), body, bytes: Buffer.concat([head, body]) }
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const cstring = (text: string) => Buffer.from(`${text}\0`)

import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Gatekeeper, Joined } from './login.ts'
import { acceptTls, dial, secureTo, take } from './wire.ts'

/** Capabilities: https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html */
const can = { connectWithDb: 0x8, ssl: 0x800, pluginAuth: 0x8_0000, connectAttrs: 0x10_0000 }

/**
 * Asks a client for a token by switching to `mysql_clear_password`, over TLS alone, as RDS does, and logs it in to the
 * server with the password. The server's own greeting is passed on, so the thread ids are the server's.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
 */
export async function mysqlLogin(raw: Socket, gate: Gatekeeper): Promise<Joined> {
  const socket = gate.own(await dial(gate.to))
  const greeting = await read(socket)
  raw.write(packet(0, greeting.body))
  if (greeting.body[0] === 0xff) return void raw.end()
  const hello = await read(raw)
  if (!(hello.body.readUInt32LE(0) & can.ssl))
    return refuse(raw, hello.sequence, 3159, 'Connections using insecure transport are prohibited')

  const client = gate.own(await acceptTls(raw, gate.secureContext))
  const { body, sequence } = await read(client)
  const response = parse(body)
  client.write(packet(sequence + 1, Buffer.from([0xfe]), cstring('mysql_clear_password')))
  const answer = await read(client)
  const token = answer.body.toString().replace(/\0$/, '')
  if (!(await gate.admits(token, response.user))) {
    const who = `'${response.user}'@'${raw.remoteAddress}'`
    return refuse(client, answer.sequence, 1045, `Access denied for user ${who} (using password: YES)`)
  }

  socket.write(packet(1, response.fixed))
  const server = gate.own(await secureTo(socket, gate.to))
  const proof = nativePassword(gate.passwordOf(response.user), saltOf(greeting.body))
  server.write(
    packet(2, response.fixed, cstring(response.user), Buffer.from([proof.length]), proof, response.database, native),
  )
  const result = await read(server)
  client.write(packet(answer.sequence + 1, result.body))
  if (result.body[0] !== 0) return void client.end()
  return { client, server }
}

const native = Buffer.from('mysql_native_password\0')

/** A handshake response, the proof of the password and the attributes left out. */
function parse(body: Buffer) {
  const capabilities = body.readUInt32LE(0)
  const userEnd = body.indexOf(0, 32)
  // Every driver of today puts the length of its proof, which is under 251, in one byte.
  const proofEnd = userEnd + 2 + body[userEnd + 1]!
  const hasDatabase = (capabilities & can.connectWithDb) !== 0
  const fixed = Buffer.from(body.subarray(0, 32))
  fixed.writeUInt32LE(((capabilities | can.pluginAuth) & ~can.connectAttrs) >>> 0)
  return {
    fixed,
    user: body.toString('utf8', 32, userEnd),
    database: hasDatabase ? body.subarray(proofEnd, body.indexOf(0, proofEnd) + 1) : Buffer.alloc(0),
  }
}

/** The 20 random bytes of a greeting. */
function saltOf(greeting: Buffer): Buffer {
  const first = greeting.indexOf(0) + 1 + 4
  const second = first + 8 + 19
  return Buffer.concat([greeting.subarray(first, first + 8), greeting.subarray(second, second + 12)])
}

function nativePassword(password: string, salt: Buffer): Buffer {
  const sha1 = (...parts: (Buffer | string)[]) =>
    parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash('sha1')).digest()
  const once = sha1(password)
  const mask = sha1(salt, sha1(once))
  return Buffer.from(once.map((byte, index) => byte ^ mask[index]!))
}

function refuse(client: Duplex, sequence: number, code: number, text: string): undefined {
  const number = Buffer.alloc(2)
  number.writeUInt16LE(code)
  client.end(packet(sequence + 1, Buffer.from([0xff]), number, Buffer.from(`#28000${text}`)))
}

async function read(socket: Duplex): Promise<{ sequence: number; body: Buffer }> {
  const head = await take(socket, 4)
  return { sequence: head[3]!, body: await take(socket, head.readUIntLE(0, 3)) }
}

function packet(sequence: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(4)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, body])
}

const cstring = (text: string) => Buffer.from(`${text}\0`)

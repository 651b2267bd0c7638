/** A field of a message: its name in protobuf's JSON, what it holds, and whether it may come again. */
export type Field = readonly [name: string, kind: Kind | (() => Message), repeated?: 'repeated']

/** `hex` are bytes that OTLP's JSON has as hexadecimal digits; `integer` is a varint, of 64 bits as a text. */
export type Kind = 'text' | 'hex' | 'base64' | 'boolean' | 'integer' | 'int64' | 'fixed32' | 'fixed64' | 'double'

export type Message = Readonly<Record<number, Field>>

/**
 * A message as protobuf's JSON has it, without the fields that are not asked for.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @throws {RangeError} where it ends within a value
 */
export function decode(bytes: Buffer, message: Message): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
      if (shift > 63n) throw new RangeError('a varint of more than 10 bytes')
    }
  }
  const take = (length: number): Buffer => {
    const taken = bytes.subarray(at, at + length)
    if (taken.length < length) throw new RangeError('the message ends within a value')
    at += length
    return taken
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const wire = tag & 7
    const held = wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()))
    const field = message[tag >>> 3]
    if (field === undefined) continue
    const [name, kind, repeated] = field
    const value = typeof held === 'bigint' ? ofVarint(held, kind) : ofBytes(held, kind)
    if (repeated) ((result[name] ??= []) as unknown[]).push(value)
    else result[name] = value
  }
  return result
}

function ofVarint(value: bigint, kind: Field[1]): unknown {
  if (kind === 'boolean') return value !== 0n
  return kind === 'int64' ? String(BigInt.asIntN(64, value)) : Number(value)
}

function ofBytes(bytes: Buffer, kind: Field[1]): unknown {
  if (typeof kind === 'function') return decode(bytes, kind())
  if (kind === 'fixed64') return String(bytes.readBigUInt64LE())
  if (kind === 'fixed32') return bytes.readUInt32LE()
  if (kind === 'double') return bytes.readDoubleLE()
  return bytes.toString(kind === 'text' ? 'utf8' : kind === 'hex' ? 'hex' : 'base64')
}

/** What a field of a message holds, and how it stands in protobuf's JSON. */
export type Kind = 'string' | 'bytes' | 'hex' | 'bool' | 'uint32' | 'enum' | 'int64' | 'fixed32' | 'fixed64' | 'double'

export interface Field {
  /** As in JSON. */
  readonly name: string
  readonly kind: Kind | (() => Message)
  readonly repeated?: boolean
}

export type Message = Readonly<Record<number, Field>>

const wireTypes: Record<Kind, number> = {
  bool: 0,
  uint32: 0,
  enum: 0,
  int64: 0,
  fixed64: 1,
  double: 1,
  string: 2,
  bytes: 2,
  hex: 2,
  fixed32: 5,
}

/**
 * A message as protobuf's JSON has it. Fields that the tables lack, and wrong wire types, are refused: what reads this is
 * to be told.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @throws Error
 */
export function decode(bytes: Uint8Array, message: Message, where = 'the message'): Record<string, unknown> {
  const reader = new Reader(bytes)
  const result: Record<string, unknown> = {}
  while (!reader.done) {
    const tag = Number(reader.varint())
    const [number, wire] = [tag >>> 3, tag & 7]
    const field = message[number]
    if (field === undefined) throw new Error(`${where} has no field ${number}`)
    const at = `${where}.${field.name}`
    const wanted = typeof field.kind === 'function' ? 2 : wireTypes[field.kind]
    if (wire !== wanted) throw new Error(`${at} has wire type ${wire}, and must have ${wanted}`)
    const value =
      typeof field.kind === 'function' ? decode(reader.block(), field.kind(), at) : scalar(reader, field.kind)
    if (field.repeated === true) ((result[field.name] ??= []) as unknown[]).push(value)
    else result[field.name] = value
  }
  return result
}

function scalar(reader: Reader, kind: Kind): unknown {
  switch (kind) {
    case 'string':
      return new TextDecoder('utf-8', { fatal: true }).decode(reader.block())
    case 'bytes':
      return Buffer.from(reader.block()).toString('base64')
    case 'hex':
      return Buffer.from(reader.block()).toString('hex')
    case 'bool':
      return reader.varint() !== 0n
    case 'uint32':
    case 'enum':
      return Number(reader.varint())
    case 'int64':
      return String(BigInt.asIntN(64, reader.varint()))
    case 'fixed32':
      return reader.fixed(4).getUint32(0, true)
    case 'fixed64':
      return String(reader.fixed(8).getBigUint64(0, true))
    case 'double':
      return reader.fixed(8).getFloat64(0, true)
  }
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1)[0] as number
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new Error('a varint of more than 10 bytes')
  }

  block(): Uint8Array {
    return this.#take(Number(this.varint()))
  }

  fixed(length: number): DataView {
    const bytes = this.#take(length)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new Error(`the message ends within a value, at byte ${this.#at}`)
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }
}

import { crc32 } from 'node:zlib'

/**
 * A message of AWS's event stream encoding.
 *
 * @param headers texts by name
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
function eventMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const encoded = Buffer.concat(Object.entries(headers).map(([name, value]) => textHeader(name, value)))
  const length = 12 + encoded.length + payload.length + 4
  const message = Buffer.alloc(length)
  message.writeUInt32BE(length, 0)
  message.writeUInt32BE(encoded.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  message.set(encoded, 12)
  message.set(payload, 12 + encoded.length)
  message.writeUInt32BE(crc32(message.subarray(0, length - 4)), length - 4)
  return message
}

/** The type of a text header. */
const text = 7

function textHeader(name: string, value: string): Buffer {
  const [key, bytes] = [Buffer.from(name), Buffer.from(value)]
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([Buffer.of(key.length), key, Buffer.of(text), length, bytes])
}

/** An event of an operation's response. */
export const event = (type: string, contentType: string, payload: Uint8Array): Buffer =>
  eventMessage({ ':message-type': 'event', ':event-type': type, ':content-type': contentType }, payload)

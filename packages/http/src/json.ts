/** A body in JSON. @throws TypeError that says where the fault lies */
export const json = (value: unknown): string => {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw unwritable(`${placeOf(value)}: ${cause instanceof Error ? cause.message.split('\n', 1)[0] : cause}`, {
      cause,
    })
  }
  if (text === undefined)
    throw unwritable(typeof value === 'object' ? 'its toJSON() gives nothing to write' : `it is a ${typeof value}`)
  if (text === '{}') {
    // What JSON makes nothing of was meant otherwise.
    const kind = /^\[object (Promise|Map|Set|Blob|File|FormData|ReadableStream|Headers)\]$/.exec(tagOf(value))?.[1]
    if (kind) throw unwritable(`it is a ${kind}${kind === 'Promise' ? ': await it' : ''}`)
  }
  return text
}

export const tagOf = (value: unknown): string => Object.prototype.toString.call(value)

const unwritable = (why: string, options?: ErrorOptions) =>
  new TypeError(`the result cannot be written as JSON: ${why}`, options)

/** As a JSON pointer: how far a second try gets. */
const placeOf = (value: unknown): string => {
  const places = new Map<unknown, string>()
  let at = ''
  try {
    JSON.stringify(value, function (this: unknown, key, inner) {
      at = places.size === 0 ? '' : `${places.get(this)}/${key}`
      places.set(inner, at)
      // One that is too deep to be written is too deep for this as well.
      return at.length < 1000 ? inner : undefined
    })
  } catch {
    // Known.
  }
  return at || 'the result itself'
}

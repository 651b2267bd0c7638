/**
 * A value as it may stand in a log: as it is, escaped for JSON up to three times (JSON in JSON in a line of JSON), percent-encoded as browsers, forms and AWS's
 * signatures do it, and in base64, also as a part of what is longer, such as `name:password`.
 */
export const formsOf = (value: string): ReadonlySet<string> => {
  const forms = new Set([value])
  let escaped = value
  for (let times = 0; times < 3; times++) {
    escaped = JSON.stringify(escaped).slice(1, -1)
    forms.add(escaped)
  }
  if (/[^\w]/.test(value)) for (const form of percentEncoded(value)) forms.add(form)
  const bytes = Buffer.from(value)
  for (const offset of [0, 1, 2]) {
    const base64 = base64At(bytes, offset)
    forms.add(base64).add(base64.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

/** What each of them encodes. */
const encodes: readonly RegExp[] = [
  // encodeURIComponent(), and the same as RFC 3986 and AWS have it.
  /[^\w.!~*'()-]/gu,
  /[^\w.~-]/gu,
  // A form.
  /[^\w.*-]/gu,
  // encodeURI(), and the user and password of a URL.
  /[^\w.!~*'();/?:@&=+$,#-]/gu,
  /[^\w.!~*'()&$,+%-]/gu,
]

const percentEncoded = (value: string): readonly string[] =>
  encodes.flatMap((encodes) => {
    const upper = value.replaceAll(encodes, encoded)
    const forms = [upper, value.replaceAll(encodes, (it) => encoded(it).toLowerCase())]
    return value.includes(' ') ? [...forms, ...forms.map((form) => form.replaceAll('%20', '+'))] : forms
  })

const encoded = (character: string) =>
  // Half a character cannot be encoded.
  encodeURIComponent(character.toWellFormed()).replace(
    /^[!~*'()]$/,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** What is the same whatever stands before and behind, where so many bytes modulo 3 stand before. */
const base64At = (bytes: Buffer, offset: number) => {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
}

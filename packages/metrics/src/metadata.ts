import { withoutHidden } from '@fnware/core/extend'

/** Bytes of JSON: with it, and as much of everything else as there may be, a line is shorter than CloudWatch's 1 MB. */
const most = 500_000

/** A value's JSON without secrets that are known, taken at once, since it may change. Undefined where there is none. */
export const metadataJson = (value: unknown): string | undefined => {
  if (typeof value === 'string' && value.length > most) throw new RangeError(tooLong)
  const json = JSON.stringify(value, (_, inner) => shown(inner))
  if (json?.length > most) throw new RangeError(tooLong)
  return json
}

const shown = (value: unknown): unknown => {
  if (typeof value === 'string') return withoutHidden(value)
  if (typeof value === 'bigint') return withoutHidden(String(value))
  if (typeof value === 'number')
    return withoutHidden(String(value)) === String(value) ? value : withoutHidden(String(value))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.keys(value).every((key) => withoutHidden(key) === key)
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [withoutHidden(key), one]))
}

/** What fits in a line with others. */
export const fitting = (
  all: ReadonlyMap<string, string>,
  dropped: (key: string, why: string) => void,
): ReadonlyMap<string, string> => {
  const fit = new Map<string, string>()
  let bytes = 0
  for (const [key, json] of all) {
    const length = Buffer.byteLength(key) + Buffer.byteLength(json) + 4
    if (bytes + length > most) dropped(key, tooLong)
    else {
      bytes += length
      fit.set(key, json)
    }
  }
  return fit
}
const tooLong = `more than ${most} bytes`

import { withoutHidden } from '@fnware/core/extend'

/** CloudWatch's, in characters. */
const longest = 1024
const printable = /^[\x20-\x7e]*$/

/**
 * A value as CloudWatch takes it: printable ASCII, with whatever else percent-encoded as in a URL, cut to 1024 characters.
 * Secrets that are known are not shown. Undefined where nothing is left.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
 */
export const dimensionValue = (value: unknown): string | undefined => {
  let text: string
  if (typeof value === 'string') text = value
  else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') text = String(value)
  else return undefined
  text = withoutHidden(text)
  // Before it is encoded, which would take long for a text of megabytes.
  if (text.length > longest) text = text.slice(0, longest)
  if (!printable.test(text)) text = encoded(text).slice(0, longest)
  return text.trim() === '' ? undefined : text
}

const encoded = (text: string) => text.toWellFormed().replaceAll(/[^\x20-\x7e]+/g, encodeURIComponent)

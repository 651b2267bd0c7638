import { withoutSecrets } from '../secrets.ts'

/** X-Ray takes letters of any script, digits, white space and these, and 200 characters at most. */
const notInNames = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\-@]/gu

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields */
export const nameOf = (name: string): string =>
  shortened(withoutSecrets(asText(name)).toWellFormed().replaceAll(notInNames, '_')).trim() || 'unnamed'

/** What is to be text, but may be anything where nobody checks types. */
export const asText = (text: unknown): string => {
  try {
    return String(text)
  } catch {
    return ''
  }
}

/** 200 characters at most, whole ones. */
export const shortened = (text: string): string =>
  text.length > 200 ? text.slice(0, 200).replace(/[\uD800-\uDBFF]$/, '') : text

/**
 * Whether X-Ray indexes it. What it does not, it drops without a word.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-annotations
 */
export const isAnnotation = (key: unknown, value: unknown): boolean =>
  typeof key === 'string' &&
  /^[A-Za-z0-9_]{1,500}$/.test(key) &&
  (typeof value === 'boolean' || Number.isFinite(value) || (typeof value === 'string' && isText(value)))

const isText = (text: string) => text.length <= 1000 && text.isWellFormed()

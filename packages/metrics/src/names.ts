/*
 * What CloudWatch takes for a name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
 */

/** Printable ASCII, not all of it spaces, and no colon in front. */
const plain = /^(?!:)(?=.*\S)[\x20-\x7e]+$/
const longest = { metric: 255, dimension: 250 }
/** A member of every line, and a key that objects have of their own. */
const taken = ['_aws', '__proto__']

/** Whether CloudWatch takes it. */
export const isName = (what: 'metric' | 'dimension', name: unknown): name is string =>
  typeof name === 'string' && plain.test(name) && !taken.includes(name) && name.length <= longest[what]

/** @throws TypeError on what CloudWatch would not take for the name of a metric or of a dimension */
export const checkName = (what: 'metric' | 'dimension', name: unknown): string => {
  if (isName(what, name)) return name
  const shown = typeof name === 'string' ? JSON.stringify(name) : `a ${typeof name}`
  throw new TypeError(
    `metrics(): ${shown} cannot be the name of a ${what}, which has 1 to ${longest[what]} printable ASCII characters, no colon in front, and is not one of ${taken.map((it) => `\`${it}\``).join(', ')}`,
  )
}

/** What is wrong with a namespace, if anything is. */
export const wrongNamespace = (namespace: string): string | undefined => {
  if (!/^(?!:)(?=.*\S)[\w./#: -]{1,255}$/.test(namespace))
    return `the namespace ${JSON.stringify(namespace)} must have 1 to 255 letters, digits, spaces and \`._-/#:\`, no colon in front`
  return namespace.startsWith('AWS/') ? `the namespace ${JSON.stringify(namespace)} is one of AWS’s own` : undefined
}

import type { StoredSecret } from './transport.ts'

/**
 * Where the secret of a database says what to connect to, which is no secret, and without which no error of a connection is
 * understood.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
const shown: ReadonlySet<string> = new Set([
  ...['engine', 'host', 'port', 'dbname', 'dbInstanceIdentifier', 'dbClusterIdentifier', 'masterarn'],
])
const deepest = 50

/** What no log may show of a secret: its text, what its JSON is made of, and its bytes as text, in base64 and in hex. */
export const leavesOf = ({ text, binary }: StoredSecret): readonly string[] => {
  const bytes = binary && Buffer.from(binary.buffer, binary.byteOffset, binary.byteLength)
  const said = text ?? bytes?.toString() ?? ''
  const leaves = [...leavesIn(said), ...(bytes ? [bytes.toString('base64'), bytes.toString('hex')] : [])]
  try {
    if (/^\s*["[{]/.test(said)) leaves.push(...leavesIn(JSON.parse(said)))
  } catch {
    // It is no JSON.
  }
  return leaves
}

/** The texts and the longer whole numbers of a value, as a schema may have made it. */
export const leavesIn = (value: unknown, depth = 0): readonly string[] => {
  if (typeof value === 'string') return [value, value.trim(), ...passwordsIn(value)]
  if (typeof value === 'number') return Number.isInteger(value) ? [`${value}`] : []
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > deepest) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    shown.has(key) && typeof inner !== 'object' ? [] : leavesIn(inner, depth + 1),
  )
}

/** Of a database's URL or connection string, which is told apart by those who use it. */
const passwordsIn = (text: string): readonly string[] => {
  const [, inUrl = ''] = /^[a-z][a-z\d+.-]*:\/\/[^:@/?#]*:([^@/?#]*)@/i.exec(text) ?? []
  const [, named = ''] = /(?:^|[;\s])(?:password|pwd)\s*=\s*([^;\s]+)/i.exec(text) ?? []
  return [inUrl, decoded(inUrl), named]
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

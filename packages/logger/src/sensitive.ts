import { checkOptions } from '@fnware/core/extend'

/** Words that make a key sensitive wherever they stand in it: `dbPassword`, `x-api-key`, `STRIPE_SECRET`. */
const words = new Set(
  `auth authorization bearer cookie cookies credential credentials cvc cvv jwt otp pass passcode passphrase pwd secrets
  session sid signature token`.split(/\s+/),
)
/** The same, where words are run together: `PGPASSWORD`, `accesstoken`, `DATABASE_URL`. */
const phrases =
  /passw(?:or)?d|secret(?!ar)|credential|sessionid|token$|(?:access|api|private|secret|signing|encryption)key|clientassertion|setcookie|connectionstring|databaseurl|privatepem|codeverifier/

/** What to redact: see `redact` of the logger's options. */
export interface Redaction {
  /** Keys to redact beside those that are known. */
  readonly add?: readonly string[]
  /** Keys to leave as they are. */
  readonly except?: readonly string[]
}

/**
 * Whether what stands under a key is to be redacted. Case, `-`, `_` and spaces make no difference.
 * @throws TypeError on what says no redaction
 */
export const sensitive = (redact: readonly string[] | Redaction | false): ((key: string) => boolean) => {
  if (redact === false) return () => false
  if (!isNames(redact)) checkOptions('logger(): `redact`', redact, { add: 'array', except: 'array' })
  const { add = [], except = [] } = isNames(redact) ? { add: redact } : redact
  const added = new Set(add.map(plain))
  const excepted = new Set(except.map(plain))
  const known = new Map<string, boolean>()
  const decide = (key: string) => {
    const joined = plain(key)
    if (excepted.has(joined)) return false
    return (
      added.has(joined) || words.has(joined) || phrases.test(joined) || wordsOf(key).some((word) => words.has(word))
    )
  }
  return (key) => {
    let answer = known.get(key)
    if (answer === undefined) {
      answer = decide(key)
      // Keys may be a client's: they must not fill the memory.
      if (known.size < 2000) known.set(key, answer)
    }
    return answer
  }
}

const isNames = (redact: readonly string[] | Redaction): redact is readonly string[] => Array.isArray(redact)

/** `newPassword2` is one as well. */
const plain = (key: string) =>
  key
    .toLowerCase()
    .replaceAll(/[-_\s.]/g, '')
    .replace(/\d+$/, '')

const wordsOf = (key: string) =>
  key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)

import { checkOptions } from '@fnware/core/extend'
import { own } from './own-keys.ts'
import { remembered } from './remembered.ts'

/** Words that make a key sensitive wherever they stand in it: `dbPassword`, `x-api-key`, `STRIPE_SECRET`. */
const words = new Set([
  ...'auth authorization bearer cookie cookies credential credentials cvc cvv jwt otp'.split(' '),
  ...'pass passcode passphrase pwd secrets session sid signature token'.split(' '),
])
/** The same, where words are run together: `PGPASSWORD`, `accesstoken`, `DATABASE_URL`. */
const phrases =
  /passw(?:or)?d|secret(?!ar)|credential|sessionid|token$|(?:access|api|private|secret|signing|encryption)key|clientassertion|setcookie|connectionstring|databaseurl|privatepem|codeverifier/

/** What to redact: see `redact` of the logger's options. */
export interface Redaction {
  /** Keys to redact beside those that are known, as words of longer ones too: `iban` stands for `customerIban`. */
  readonly add?: readonly string[]
  /** Keys to leave as they are, these alone: `token` does not stand for `accessToken`. */
  readonly except?: readonly string[]
  /** Whether to redact by key; true by default. */
  readonly keys?: boolean
  /**
   * Whether to redact values that are known to be secret, since `@fnware/secrets` has fetched them, wherever they stand in a
   * line: in a message, a stack, under whatever key, also percent-encoded or in base64. True by default. Values of less than
   * six characters are not known.
   */
  readonly values?: boolean
}

/** Whether what is known to be secret is redacted by its value. */
export const hidesValues = (redact: readonly string[] | Redaction | false = []): boolean =>
  (redact as Redaction).values !== false

/**
 * Whether what stands under a key is to be redacted. Case, `-`, `_`, `.`, spaces and a number at the end make no difference.
 * @throws TypeError on what says no redaction
 */
export const sensitive = (redact: readonly string[] | Redaction | false): ((key: string) => boolean) => {
  if (redact === false) return () => false
  if (!isNames(redact)) checkOptions('logger(): `redact`', redact, checks)
  const { add = [], except = [], keys = true }: Redaction = isNames(redact) ? { add: redact } : redact
  if (!keys) return () => false
  const added = new Set(add.map(named))
  const excepted = new Set(except.map(named))
  const addedWords = add.filter((name) => /^[a-z]+$/.test(joined(name))).map(spaced)
  const decide = (key: string) => {
    const spellings = [joined(key), joined(key).replace(/\d+$/, '')]
    const [, unnumbered] = spellings as [string, string]
    if (spellings.some((spelling) => excepted.has(spelling))) return false
    return (
      spellings.some((spelling) => added.has(spelling)) ||
      addedWords.some((name) => spaced(key).includes(name)) ||
      words.has(unnumbered) ||
      phrases.test(unnumbered) ||
      wordsOf(key).some((word) => words.has(word))
    )
  }
  return remembered(decide, add.length > 0 ? undefined : own)
}

const checks = { add: 'array', except: 'array', keys: 'boolean', values: 'boolean' } as const

const isNames = (redact: readonly string[] | Redaction): redact is readonly string[] => Array.isArray(redact)

const named = (name: string): string => {
  if (typeof name !== 'string' || joined(name) === '')
    throw new TypeError(`logger(): \`redact\` takes names of keys, not ${JSON.stringify(name)}`)
  return joined(name)
}

const joined = (key: string) => key.toLowerCase().replaceAll(/[-_\s.]/g, '')

const wordsOf = (key: string) =>
  key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)

/** `customerIban` as ` customer iban `, in which ` iban ` is found and ` ban ` is not. */
const spaced = (key: string) => ` ${wordsOf(key).join(' ').trim()} `

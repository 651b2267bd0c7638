import { PinningError } from './errors.ts'

/** What is done about statements that pin a session of RDS Proxy: nothing, a warning once for each, or an error. */
export type PinningMode = 'allow' | 'warn' | 'refuse'

/** What pins, why, and what to do instead. */
export interface PinningRule {
  /** Matched against the statement in lower case, without comments, and with its quoted parts empty. */
  readonly pattern: RegExp
  readonly what: string
  readonly instead: string
}

/** Bytes over which any statement pins. */
const longest = 16_384
/** Statements that are remembered, so that each is looked at once. */
const remembered = 1_000

/**
 * Statements that tie an RDS Proxy's client to one database connection until it ends, so that no other can use it.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
export class Pinning {
  readonly #key: string
  readonly #rules: readonly PinningRule[]
  readonly mode: PinningMode
  readonly #known = new Map<string, PinningError | undefined>()
  readonly #warned = new Set<string>()

  constructor(key: string, rules: readonly PinningRule[], mode: PinningMode = inLambda() ? 'allow' : 'warn') {
    this.#key = key
    this.#rules = rules
    this.mode = mode
  }

  /** @throws PinningError in the mode `refuse` */
  check(text: string): void {
    if (this.mode === 'allow') return
    let found = this.#known.get(text)
    if (found === undefined && !this.#known.has(text)) {
      found = this.#look(text)
      if (this.#known.size >= remembered) this.#known.clear()
      this.#known.set(text, found)
    }
    if (found) this.#tell(found)
  }

  /** Of what is no statement's text. */
  found(what: string, instead: string): void {
    if (this.mode !== 'allow') this.#tell(this.#error(what, instead))
  }

  #look(text: string): PinningError | undefined {
    if (Buffer.byteLength(text) > longest)
      return this.#error('a statement of more than 16 KB', 'pass what is long as a parameter')
    const bare = bareOf(text)
    const rule = this.#rules.find(({ pattern }) => pattern.test(bare))
    return rule && this.#error(rule.what, rule.instead)
  }

  #error(what: string, instead: string) {
    return new PinningError(
      this.#key,
      `${what} pins the session of an RDS Proxy: no one else can use its database connection until yours ends. Instead: ` +
        `${instead}. Where there is no proxy: { pinning: 'allow' }`,
    )
  }

  #tell(error: PinningError) {
    if (this.mode === 'refuse') throw error
    if (this.#warned.has(error.message)) return
    this.#warned.add(error.message)
    console.warn(error.message)
  }
}

const inLambda = () => 'AWS_LAMBDA_RUNTIME_API' in process.env || 'AWS_LAMBDA_FUNCTION_NAME' in process.env

/** A statement's own words: what stands in comments and quotes is none of them. */
export const bareOf = (text: string): string =>
  text
    .replaceAll(/--[^\n]*|\/\*.*?\*\/|'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$.*?\$\1\$/gs, (quoted) =>
      /^['"`$]/.test(quoted) ? quoted.slice(0, 1).repeat(2) : ' ',
    )
    .toLowerCase()

import { observed, observing, type Work } from '@fnware/core/extend'

/** Where statements go, for a trace to show. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string | undefined
}

/** How a trace shows them. */
export interface Shown {
  readonly type: 'PostgreSQL' | 'MySQL'
  /** Whether with their text, rather than the first word of it. */
  readonly statements: boolean
}

/** A statement, by promise. */
export const shownStatement = <T>(shown: Shown, to: Target, text: string, run: () => Promise<T>): Promise<T> =>
  observed(() => statementOf(shown, to, text), run)

/** A statement that tells of its end by a callback. */
export const showingStatement = (shown: Shown, to: Target, text: string): ((error?: unknown) => void) | undefined =>
  observing(() => statementOf(shown, to, text))

/** An attempt to connect, with TLS and authentication. */
export const shownConnect = <T>(to: Target, run: () => Promise<T>): Promise<T> =>
  observed(() => ({ name: `connect to ${nameOf(to)}`, kind: 'sql' }), run)

/** A wait for a connection that others have. */
export const shownWait = <T>(key: string, run: () => Promise<T>): Promise<T> =>
  observed(() => ({ name: `wait for a connection of ${key}`, kind: 'sql' }), run)

const statementOf = ({ type, statements }: Shown, to: Target, text: string): Work => ({
  name: nameOf(to),
  kind: 'sql',
  sql: {
    url: `${type.toLowerCase()}://${to.host}:${to.port}${to.database === undefined ? '' : `/${to.database}`}`,
    database_type: type,
    user: to.user,
    statement: statements ? text.slice(0, longest) : verbOf(text),
  },
})

/** As X-Ray's own SDK names databases. */
const nameOf = ({ database, host }: Target) => (database === undefined ? host : `${database}@${host}`)

/** Characters of a statement. */
const longest = 2_000

/** `SELECT`: what stands before it is a comment, or a bracket. */
const verbOf = (text: string): string => leading.exec(text.slice(0, longest))?.[1]?.toUpperCase() ?? 'SQL'

const leading = /^(?:\s|\(|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*([a-z]+)/i

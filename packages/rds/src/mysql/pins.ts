import type { Pinning, PinningRule } from '../pinning.ts'

/** At the beginning of a statement. */
const begins = (words: string) => new RegExp(`(?:^|;)\\s*(?:${words})`)

/** Variables that an RDS Proxy keeps track of, so that setting them pins nothing. */
const tracked =
  '(?:autocommit|auto_increment_increment|character_set_(?:client|connection|database|filesystem|results|server)|' +
  'collation_(?:connection|database|server)|interactive_timeout|net_write_timeout|query_cache_type|session_track_schema|' +
  'sql_mode|time_zone|(?:transaction|tx)_(?:isolation|read_only)|wait_timeout)'
const assigned = `(?:(?:session|local)\\s+|@@(?:(?:session|local)\\.)?)?${tracked}\\s*:?=[^,;]*`

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html */
export const pins: readonly PinningRule[] = [
  {
    pattern: /(?:^|;)\s*set\s[^;]*?(?<![@\w])@[\w`'"]|(?<![@\w])@[\w.$`'"]+\s*:=|\binto\s+@/,
    what: 'a user variable',
    instead: 'a variable of your own, given back to the server as a parameter',
  },
  {
    pattern: begins(
      `set\\s+(?!(?:(?:session|local|global)\\s+)?transaction\\b|names\\b|char(?:acter)?\\s*set\\b|statement\\b|${assigned}(?:,\\s*${assigned})*(?:;|$))`,
    ),
    what: 'SET',
    instead: "the parameter group's value, or a condition of the statement itself",
  },
  {
    pattern: begins('prepare\\b|execute\\b|deallocate\\b|drop\\s+prepare\\b'),
    what: 'PREPARE, EXECUTE or DEALLOCATE',
    instead: 'query() with parameters, which the driver puts into the text',
  },
  {
    pattern: begins('lock\\s+(?:tables?|instance)\\b|unlock\\s|flush\\s[^;]*\\bwith\\s+read\\s+lock'),
    what: 'LOCK TABLES',
    instead: '`select … for update` within transaction()',
  },
  {
    pattern: /\b(?:get_lock|release_lock|release_all_locks)\s*\(/,
    what: 'a named lock',
    instead: 'a row of your own, by `select … for update` within transaction()',
  },
  {
    pattern: begins('create\\s+(?:or\\s+replace\\s+)?temporary\\b'),
    what: 'a temporary table',
    instead: '`with … as (…)`, or an ordinary table with a key of your own',
  },
  {
    pattern: /\b(?:found_rows|row_count|last_insert_id)\s*\(/,
    what: 'FOUND_ROWS(), ROW_COUNT() or LAST_INSERT_ID()',
    instead: '`affectedRows` and `insertId` of the result, or a count(*) of its own',
  },
]

/** Bytes over which any statement pins. */
const longest = 16_384

/**
 * Looks at a statement before it is sent. Its values are part of the text that is sent.
 * @throws PinningError in the mode `refuse`
 */
export const checkPinning = (
  pinning: Pinning,
  how: 'query' | 'execute' | 'prepare',
  text: string,
  format: () => string,
): void => {
  if (pinning.mode === 'allow') return
  if (how !== 'query')
    pinning.found(
      `${how}(), which prepares the statement on the server,`,
      'query(), whose parameters the driver escapes and puts into the text',
    )
  else if (Buffer.byteLength(format()) > longest)
    pinning.found('a statement of more than 16 KB, values included,', 'several smaller ones, or S3 for what is long')
  else pinning.check(text)
}

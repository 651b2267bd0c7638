import type { PinningRule } from '../pinning.ts'

/** At the beginning of a statement. */
const begins = (words: string) => new RegExp(`(?:^|;)\\s*(?:${words})`)

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html */
export const pins: readonly PinningRule[] = [
  {
    pattern: begins('set\\s+(?!local\\b|transaction\\b|constraints\\b)|reset\\b'),
    what: 'SET',
    instead: 'SET LOCAL within transaction(), or `alter role … set …` once',
  },
  {
    pattern: /\bset_config\s*\([^)]*,\s*false\s*\)/,
    what: 'set_config() for the session',
    instead: 'set_config(…, true) within transaction()',
  },
  {
    pattern: begins('prepare\\b|execute\\b|deallocate\\b|discard\\b'),
    what: 'PREPARE, EXECUTE, DEALLOCATE or DISCARD',
    instead: 'parameters: the driver needs no prepared statement for them',
  },
  { pattern: begins('(?:un)?listen\\b'), what: 'LISTEN', instead: 'SQS, SNS or EventBridge: Lambda hears no LISTEN' },
  {
    pattern: /\b(?:create\s+(?:(?:global|local)\s+)?temp(?:orary)?|into\s+temp(?:orary)?)\s/,
    what: 'a temporary table, view or sequence',
    instead: '`with … as (…)`, or an ordinary table with a key of your own',
  },
  {
    pattern: begins('declare\\b'),
    what: 'a cursor',
    instead: 'pages by key: `where id > $1 order by id limit …`',
  },
  { pattern: begins('load\\b'), what: 'LOAD', instead: '`shared_preload_libraries` of the parameter group' },
  {
    pattern: /\bpg_(?:try_)?advisory_(?:lock|unlock)/,
    what: 'a session lock',
    instead: 'pg_advisory_xact_lock() within transaction()',
  },
  {
    pattern: /\b(?:nextval|setval|currval|lastval)\s*\(/,
    what: 'a sequence function',
    instead: '`generated always as identity` with `returning`',
  },
]

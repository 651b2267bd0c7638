import { didYouMean } from '@fnware/core/extend'

/** From the most to the least, with Powertools' ranks. */
const ranks = { TRACE: 6, DEBUG: 8, INFO: 12, WARN: 16, ERROR: 20, CRITICAL: 24, SILENT: 28 } as const

export type Level = keyof typeof ranks
export const rankOf = (level: Level): number => ranks[level]

/** A level by its name in any case; `FATAL` is Lambda's name for `CRITICAL`. */
export const levelNamed = (name: string): Level | undefined => {
  const upper = name.trim().toUpperCase()
  if (upper === 'FATAL') return 'CRITICAL'
  return Object.hasOwn(ranks, upper) ? (upper as Level) : undefined
}

export interface Levels {
  /** The least that is written. */
  readonly level: Level
  /** The least that Lambda lets through, by `AWS_LAMBDA_LOG_LEVEL`. */
  readonly floor: Level | undefined
  /** What is to be said of the settings, once. */
  readonly warning: string | undefined
}

/**
 * The level that was asked for: by the option, a given logger's `own`, `POWERTOOLS_LOG_LEVEL`, `LOG_LEVEL`, or INFO; and
 * never more than `AWS_LAMBDA_LOG_LEVEL` lets through.
 * @param isChosenLater whether this is only what holds until another is given
 * @throws TypeError where the option is no level
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export const levelsOf = (option: string | undefined, own: string | undefined, isChosenLater = false): Levels => {
  const warnings: string[] = []
  const fromEnvironment = (name: string) => {
    const value = process.env[name]
    if (!value) return undefined
    const level = levelNamed(value)
    if (!level) warnings.push(`${name} is no level, and is ignored${nearestLevel(value)}`)
    return level
  }
  const given = option === undefined ? undefined : levelNamed(option)
  if (option !== undefined && !given) throw new TypeError(`logger(): \`level\` is no level${nearestLevel(option)}`)
  const asked =
    given ??
    (own === undefined ? undefined : levelNamed(own)) ??
    fromEnvironment('POWERTOOLS_LOG_LEVEL') ??
    fromEnvironment('LOG_LEVEL') ??
    'INFO'
  const floor = fromEnvironment('AWS_LAMBDA_LOG_LEVEL')
  const hidden = floor !== undefined && ranks[asked] < ranks[floor]
  if (hidden && !isChosenLater)
    warnings.push(`the level ${asked} is less than AWS_LAMBDA_LOG_LEVEL lets through: ${floor} and above is written`)
  return { level: hidden ? floor : asked, floor, warning: warnings.join('; ') || undefined }
}

export const nearestLevel = (name: string): string => didYouMean(name, Object.keys(ranks))

/** The level, but nothing that the floor does not let through. */
export const least = (level: Level, floor: Level | undefined): Level =>
  floor && ranks[floor] > ranks[level] ? floor : level

/** The one of the two that writes more. */
export const lower = (a: Level, b: Level): Level => (ranks[b] < ranks[a] ? b : a)

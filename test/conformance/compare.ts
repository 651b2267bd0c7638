import type { Difference } from './case.ts'

/** The lines that only one of two transcripts has, in order. */
export function compare(ours: readonly string[], ric: readonly string[]): Omit<Difference, 'because'> {
  // How long the longest common rest is, from each pair of lines on.
  const rest = Array.from({ length: ours.length + 1 }, () => new Array<number>(ric.length + 1).fill(0))
  for (let i = ours.length - 1; i >= 0; i--)
    for (let j = ric.length - 1; j >= 0; j--)
      rest[i]![j] = ours[i] === ric[j] ? rest[i + 1]![j + 1]! + 1 : Math.max(rest[i + 1]![j]!, rest[i]![j + 1]!)
  const only: { ours: string[]; ric: string[] } = { ours: [], ric: [] }
  let [i, j] = [0, 0]
  while (i < ours.length || j < ric.length) {
    if (i < ours.length && ours[i] === ric[j]) [i, j] = [i + 1, j + 1]
    else if (j >= ric.length || (i < ours.length && rest[i + 1]![j]! >= rest[i]![j + 1]!)) only.ours.push(ours[i++]!)
    else only.ric.push(ric[j++]!)
  }
  return only
}

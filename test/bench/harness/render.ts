/** A table in Markdown. The first column is text, the others figures. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

/** ns as one reads them: three digits matter. */
export const time = (ns: number): string =>
  ns < 1000 ? `${ns.toFixed(0)} ns` : `${(ns / 1000).toFixed(ns < 10_000 ? 2 : ns < 100_000 ? 1 : 0)} µs`

export const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0)} ×`

export const kilobytes = (bytes: number, digits = 1): string => `${(bytes / 1000).toFixed(digits)} kB`
/** What an interval is called. Few rounds have few resamples that differ, which hold no 95 %. */
export const level = (rounds: number): string => (rounds < 5 ? `resamples of ${rounds} rounds` : '95 %')

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
export const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`

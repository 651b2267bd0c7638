/** A table: names on the left, figures on the right. */
export const print = (rows: readonly (readonly (string | number)[])[]): void => {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  const cell = (it: string | number, i: number) =>
    i === 0 ? String(it).padEnd(widths[i]!) : String(it).padStart(widths[i]!)
  for (const row of rows) console.log(row.map(cell).join('  '))
}

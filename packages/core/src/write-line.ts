/** The stdout whose errors are looked after: one that is closed must not end the process. */
let guarded: NodeJS.WriteStream | undefined

/**
 * Writes a line to stdout in one piece, so that it is neither cut nor mixed with another's. A stdout that is closed loses
 * it, and harms nothing.
 * @param text without the line's end
 */
export const writeLine = (text: string): void => {
  try {
    const { stdout } = process
    if (guarded !== stdout) {
      guarded = stdout
      stdout.on('error', ignore)
    }
    stdout.write(`${text}\n`)
  } catch {
    // Nobody is left to be told.
  }
}

const ignore = () => {}

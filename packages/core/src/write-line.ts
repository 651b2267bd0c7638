/** The stdout whose errors are looked after: one that is closed must not end the process. */
let guarded: NodeJS.WriteStream | undefined

/** Bytes that may wait for a stdout that nobody reads: what is more would take the memory that the function needs. */
const most = 64 * 1024 * 1024
let dropped = 0

/**
 * Writes a line to stdout in one piece, so that it is neither cut nor mixed with another's, whatever thread wrote that.
 * Waits for nobody: what does not fit into a pipe stays in memory until it does. A stdout that is closed loses it, and one
 * that is not read for 64 MB; nothing throws, and no process ends for it.
 * @param text without the line's end
 */
export const writeLine = (text: string): void => {
  try {
    const { stdout } = process
    if (guarded !== stdout) {
      guarded = stdout
      // A stand-in may have no more than a `write`.
      stdout.on?.('error', ignore)
    }
    if (!(stdout.writableLength > most)) stdout.write(`${text}\n`)
    else if (dropped++ === 0) stdout.once('drain', tell)
  } catch {
    // Nobody is left to be told.
  }
}

const ignore = () => {}

const tell = () => {
  const message = `${dropped} lines were dropped: nobody read stdout`
  dropped = 0
  writeLine(JSON.stringify({ level: 'WARN', message, timestamp: new Date().toISOString() }))
}

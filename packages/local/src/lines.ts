import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** As long as a log event of CloudWatch may be: what has no line break by then is cut. */
const longest = 1024 * 1024

/** Calls `line` for each line of a process's output. A runtime writes a line break within a message as \r. */
export function readLines(output: Readable, line: (text: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const give = (text: string) => line(text.replace(/\r$/, '').replaceAll('\r', '\n'))
  output.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) give(each)
    if (rest.length > longest) {
      give(rest)
      rest = ''
    }
  })
  output.on('error', () => {})
  output.once('end', () => {
    if (rest) give(rest)
  })
}

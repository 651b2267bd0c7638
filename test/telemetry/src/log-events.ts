/** What CloudWatch Logs takes in one event, in bytes. */
export const maxEvent = 1024 * 1024

export interface LogEvent {
  readonly message: string
  /** The line of output that it is, or is a part of, from 1. */
  readonly line: number
  /** False where the line was longer than an event may be, and was cut into several. */
  readonly whole: boolean
}

/** An event for every line, and several for one that is too long. */
export function logEventsOf(output: Uint8Array, report: (fault: string) => void): readonly LogEvent[] {
  const events: LogEvent[] = []
  let line = 0
  for (const bytes of linesOf(output)) {
    line++
    if (bytes.length === 0) continue
    const parts = partsOf(bytes)
    for (const part of parts) events.push({ message: textOf(part, line, report), line, whole: parts.length === 1 })
    if (parts.length > 1) report(`line ${line} has ${bytes.length} bytes, and was cut into ${parts.length} events`)
  }
  return events
}

function* linesOf(output: Uint8Array): Generator<Uint8Array> {
  let start = 0
  while (start < output.length) {
    const end = output.indexOf(0x0a, start)
    yield output.subarray(start, end === -1 ? undefined : end)
    if (end === -1) return
    start = end + 1
  }
}

/** Never within a character. */
function partsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + maxEvent, bytes.length)
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--
    parts.push(bytes.subarray(start, end))
    start = end
  }
  return parts
}

function textOf(bytes: Uint8Array, line: number, report: (fault: string) => void): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    report(`line ${line} is not UTF-8`)
    return new TextDecoder().decode(bytes)
  }
}

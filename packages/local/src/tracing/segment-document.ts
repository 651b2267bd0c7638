import { asList, asObject, asText, type Loose, type Told, thrown } from './told.ts'

/**
 * The spans of what was sent to X-Ray's daemon, parents first; none of what is no segment document.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export function readDatagram(bytes: Uint8Array): readonly Told[] {
  const text = Buffer.from(bytes).toString()
  const end = text.indexOf('\n')
  try {
    const { format, version } = asObject(JSON.parse(text.slice(0, end)))
    return format === 'json' && version === 1 ? [...spans(asObject(JSON.parse(text.slice(end + 1))))] : []
  } catch {
    return []
  }
}

function* spans({ subsegments, ...document }: Loose, within?: Told): Generator<Told> {
  const id = asText(document.id)
  const trace = asText(document.trace_id) ?? within?.trace
  const start = seconds(document.start_time)
  if (id === undefined || trace === undefined || start === undefined) return
  const [exception] = asList(asObject(document.cause).exceptions)
  const span: Told = {
    id,
    trace,
    parent: asText(document.parent_id) ?? within?.id,
    name: asText(document.name) ?? '',
    start,
    end: seconds(document.end_time),
    by: 'function',
    status: document.throttle ? 'throttle' : document.fault ? 'fault' : document.error ? 'error' : 'ok',
    error: exception && thrown(exception.type, exception.message),
    attributes: asObject(document.annotations),
    detail: document,
    requestId: undefined,
  }
  yield span
  for (const each of asList(subsegments)) yield* spans(each, span)
}

const seconds = (value: unknown): number | undefined => (typeof value === 'number' ? value * 1000 : undefined)

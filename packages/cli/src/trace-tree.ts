import type { TraceEvent, TraceSpan } from '@fnware/local'
import { isPlainObject } from '@fnware/local/check'
import { ms } from './say.ts'
import type { Style } from './style.ts'

/** More than these are counted only. */
const shown = 40

/** What the function did in an invocation, a line for each span, those within others further in; none when it told nothing. */
export function traceTree({ spans }: TraceEvent, style: Style): readonly string[] {
  const own = spans.filter(({ by }) => by === 'function')
  const depths = new Map<string, number>()
  for (const { id, parent } of own) depths.set(id, parent === undefined ? 0 : (depths.get(parent) ?? -1) + 1)
  const lines = own.slice(0, shown).map((span) => '  '.repeat(depths.get(span.id) ?? 0) + line(span, style))
  return own.length > shown ? [...lines, style('dim', `${own.length - shown} more`)] : lines
}

function line(span: TraceSpan, style: Style): string {
  const { name, start, end, status, error } = span
  const took = end === undefined ? 'not ended' : ms(end - start)
  const told = [firstLine(name) ?? '', ...details(span), style('dim', took)]
  if (status !== 'ok') told.push(style(status === 'fault' ? 'red' : 'yellow', firstLine(error) ?? status))
  return told.join(' ')
}

/** What a call was, where its name does not say it, and what came of it. */
function details({ name, detail, attributes }: TraceSpan): readonly string[] {
  const http = asObject(detail.http)
  const operation = asObject(detail.aws).operation
  const method = asObject(http.request).method ?? attributes['http.request.method']
  const status = asObject(http.response).status ?? attributes['http.response.status_code']
  const said = name.split(' ')
  return [operation, method, status]
    .flatMap((each) => (typeof each === 'string' || typeof each === 'number' ? [String(each)] : []))
    .filter((each) => !said.includes(each))
}

const asObject = (value: unknown): Record<string, unknown> => (isPlainObject(value) ? value : {})

const firstLine = (text: string | undefined): string | undefined => text?.split(/[\r\n]/, 1)[0]?.slice(0, 200)

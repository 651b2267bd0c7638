import type { Segment } from './segment.ts'

/** Bytes that metadata, and annotations, have where a span alone is too large. */
const room = { metadata: 20_000, annotations: 8000 }

const cutMetadata = (segment: Segment): Segment => {
  const entries = [...(segment.metadata ?? [])].flatMap(([namespace, entries]) =>
    [...entries].map(([key, json]) => ({ namespace, key, json, size: Buffer.byteLength(json) })),
  )
  const metadata = new Map<string, Map<string, string>>()
  const set = (namespace: string, key: string, json: string) => {
    const known = metadata.get(namespace)
    if (known) known.set(key, json)
    else metadata.set(namespace, new Map([[key, json]]))
  }
  let left = room.metadata
  let unnamed = 0
  // A thousand small ones are as much as a large one.
  for (const { namespace, key, json, size } of entries.sort((a, b) => a.size - b.size)) {
    const note = `"[cut: ${size} bytes]"`
    const kept = size < left ? json : note
    left -= kept.length + Buffer.byteLength(key + namespace)
    if (left > 0) set(namespace, key, kept)
    else unnamed++
  }
  if (unnamed > 0) set('fnware', 'cut', `"${unnamed} more"`)
  return { ...segment, metadata }
}

const cutStacks = (segment: Segment): Segment => ({
  ...segment,
  cause:
    typeof segment.cause === 'object'
      ? segment.cause.map(({ stack, ...rest }) => ({ ...rest, ...(stack && { truncated: stack.length }) }))
      : segment.cause,
})

const cutCauses = (segment: Segment): Segment => {
  if (typeof segment.cause !== 'object') return segment
  const [{ cause, ...outermost }] = segment.cause as [(typeof segment.cause)[0]]
  return { ...segment, cause: [{ ...outermost, skipped: segment.cause.length - 1 }] }
}

const cutAnnotations = (segment: Segment): Segment => {
  let left = room.annotations
  const kept = [...(segment.annotations ?? [])].filter(([key, value]) => {
    left -= Buffer.byteLength(`${key}${value}`)
    return left > 0
  })
  return { ...segment, annotations: new Map(kept) }
}

/** What a span that is too large by itself has to give up, one after the other. */
export const cuts: readonly ((segment: Segment) => Segment)[] = [cutMetadata, cutStacks, cutCauses, cutAnnotations]

import { bodyLimit } from './order.ts'
import { type Problem, refused } from './problem.ts'

/** A fault as zod and every Standard Schema tells it. */
export interface Issue {
  readonly message: string
  readonly path?: readonly unknown[] | undefined
}

/** Something, or why it was refused: cheaper than to throw, since no stack is taken. */
export type Result<T> = { readonly value: T; readonly problem?: undefined } | { readonly problem: Problem }

/** A body as it came, held to the limit. Undefined where there is none. */
export const readText = (body: string | undefined, base64: boolean | undefined): Result<string | undefined> => {
  if (!body) return { value: undefined }
  if (isTooLarge(body, base64)) return { problem: tooLarge }
  if (!base64) return { value: body }
  try {
    return { value: utf8.decode(Buffer.from(body, 'base64')) }
  } catch {
    return { problem: refused([{ message: 'not valid UTF-8' }]) }
  }
}
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A string has at most three bytes for each of its characters: only where it may be too long is it measured. */
export const isTooLarge = (body: string, base64: boolean | undefined): boolean =>
  body.length * (base64 ? 0.75 : 3) > bodyLimit && Buffer.byteLength(body, base64 ? 'base64' : 'utf8') > bodyLimit

export const tooLarge: Problem = { status: 413, detail: `the body has more than ${bodyLimit} bytes` }

/** JSON from outside, without what would reach a prototype once merged somewhere. */
export const readJson = (text: string | undefined): Result<unknown> => {
  if (text === undefined) return { value: undefined }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: refused([{ message: 'not valid JSON' }]) }
  }
  const poisoned = poisonIn(text, value)
  return poisoned ? { problem: refused([{ message: `the key ${poisoned} is refused` }]) } : { value }
}

/** Scans the raw text, escaped letters too; only where that finds something is the value walked through. */
const poisonIn = (text: string, value: unknown): string | undefined =>
  suspicious.test(text) ? poisonousKey(value) : undefined
const suspicious = /__proto__|constructor|\\u00/

/** The same for stacks whose framework parses the text, and does not look. */
export const poisonInText = (text: string): string | undefined => {
  if (!suspicious.test(text)) return undefined
  try {
    return poisonousKey(JSON.parse(text))
  } catch {
    // The framework will say so.
    return undefined
  }
}

const poisonousKey = (value: unknown): string | undefined => {
  const open = [value]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__' || (key === 'constructor' && Object.hasOwn(Object(inner), 'prototype'))) return key
      open.push(inner)
    }
  }
  return undefined
}

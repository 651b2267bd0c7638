import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { packages } from './manifests.ts'
import { anysIn, fileOf, surfaceOf } from './surface/surface.ts'

describe.each(packages)('$manifest.name', (it) => {
  test('exports what it did, with the same types', async () => {
    const accepted = await readFile(fileOf(it), 'utf8').catch(() => '')
    expect(await surfaceOf(it), `${fileOf(it)}: run pnpm surface to accept`).toBe(accepted)
  })

  test('says every export of it in its declarations', async () => {
    const surface = await surfaceOf(it)
    for (const entry of it.entries)
      for (const name of Object.keys(await import(entry)))
        expect(surface).toMatch(new RegExp(`^declare (?:class|const|function|let) ${name}\\b`, 'm'))
  })

  test('has no `any`', async () => {
    expect(anysIn(await surfaceOf(it))).toEqual([])
  })
})

test('an `any` is found, and nothing else that is called so', () => {
  const wrong = [
    'declare const a: any;',
    'type A<T> = T extends any[] ? 1 : 2;',
    'run(...args: any): void',
    '  b?: any;',
  ]
  const right = ['readonly any: Route;', 'any(path: string): void;', 'type Kind = "any" | `any`;', 'const many: 1;']
  expect(anysIn([...wrong, ...right].join('\n'))).toEqual(wrong)
})

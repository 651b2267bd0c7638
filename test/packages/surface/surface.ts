import { join } from 'node:path'
import type { Package } from '../manifests.ts'
import { type Declaration, type Declarations, readDeclarations, resolve } from './declarations.ts'

export const fileOf = ({ folder }: Package): string => join(import.meta.dirname, `${folder.split('/').at(-1)}.md`)

/** All that a package's users can name or meet: each entry point's exports, and the declarations that they speak of. */
export const surfaceOf = async ({ manifest, folder, entries }: Package): Promise<string> => {
  const told = new Set<string>()
  const parts: string[] = []
  for (const [i, path] of Object.keys(manifest.exports).entries()) {
    if (path.endsWith('.json')) continue
    const file = await readDeclarations(join(folder, typesOf(manifest.exports[path])))
    parts.push(`## \`${entries[i]}\`\n`, ...entryPoint(file, told))
  }
  return `# What \`${manifest.name}\` exports\n\n${parts.join('\n')}`
}

const typesOf = (conditions: unknown): string => {
  const { types, import: esm } = conditions as { types?: string; import?: { types: string } }
  return types ?? esm!.types
}

const entryPoint = (file: Declarations, told: Set<string>): string[] => {
  const exported = [...file.exported].map(([outside, it]) => ({ outside, ...it }))
  const names = (typeOnly: boolean) =>
    exported
      .filter((it) => it.typeOnly === typeOnly)
      .map(({ outside }) => outside)
      .sort()
      .map((name) => `\`${name}\``)
      .join(', ') || 'none'
  const found = exported.map(({ name }) => resolve(file, name)).filter((it) => it !== undefined)
  const behind = reached(found)
  const foreign = new Set([...found, ...behind].flatMap((it) => words(it).map((word) => it.file.foreign.get(word))))
  const imports = [...foreign].filter((it) => it !== undefined).sort()
  const untold = (them: readonly Declaration[]) =>
    them
      .filter(({ text }) => !told.has(text))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ text }) => {
        told.add(text)
        return text
      })
  return [
    `Values: ${names(false)}\n`,
    `Types: ${names(true)}\n`,
    block([...(imports.length > 0 ? [imports.join('\n')] : []), ...untold(found)]),
    ...titled('Behind them, by no name of their own:', untold(behind)),
  ]
}

const block = (texts: readonly string[]) => `\`\`\`ts\n${texts.join('\n')}\n\`\`\`\n`
const titled = (title: string, texts: readonly string[]) => (texts.length > 0 ? [`${title}\n`, block(texts)] : [])

/** What declarations speak of, and what those speak of. */
const reached = (from: readonly Declaration[]): Declaration[] => {
  const all = new Map(from.map((it) => [it.text, it]))
  for (const it of all.values())
    for (const word of words(it)) {
      const other = resolve(it.file, word)
      if (other && !all.has(other.text)) all.set(other.text, other)
    }
  return [...all.values()].slice(new Set(from.map(({ text }) => text)).size)
}

const words = ({ text }: Declaration): string[] => [...new Set(withoutTexts(text).match(/[\w$]+/g))]

const withoutTexts = (text: string): string => text.replaceAll(/"[^"\n]*"|`[^`\n]*`/g, '""')

/** The lines that have the type `any`: not a text of that name, nor a member. */
export const anysIn = (surface: string): string[] =>
  surface.split('\n').filter((line) => /\bany\b(?!\??[:(])/.test(withoutTexts(line)))

/** Longer texts are told by their length. */
const longest = 1200

/** What differs from one run to the next, and what of a trace is the runtime's, is taken out of a text. */
export function cleaner(root: string, ids: readonly string[]): (text: string, own?: string) => string {
  return (text, own) => {
    let clean = text.replaceAll(`file://${root}`, '/var/task').replaceAll(root, '/var/task')
    ids.forEach((id, i) => {
      clean = clean.replaceAll(id, id === own ? 'ID' : `ID-${i + 1}`)
    })
    for (const [pattern, replacement] of replacements) clean = clean.replace(pattern, replacement)
    clean = clean
      // The frames of a trace that are the function's: where, without the receiver's name. As JSON, inside JSON, as text.
      .replace(/,?(\\?)" {4}at (?:[^"\\]|\\(?!"))*\1"/g, (frame, quote: string) =>
        shown(frame, `,${quote}"at `, `${quote}"`),
      )
      .replace(/\\n\s+at (?:[^"\\]|\\(?![n"]))*/g, (frame) => shown(frame, '\\n    at '))
      .replace(/\n\s+at .*/g, (frame) => shown(frame, '\n    at '))
      .replace(/^\s+at .*/, (frame) => shown(frame, '    at '))
      .replace(/((?:,"at |\\n {4}at |\n {4}at )\/var\/task\/fnware\.mjs"?)\1+/g, '$1')
      .replaceAll('\n', '\\n')
      .trimEnd()
    return clean.length > longest ? `${clean.slice(0, 80)}… (${clean.length} characters)` : clean
  }
}

const replacements: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME'],
  [/^\[ERROR\] \[\d+\]/, '[ERROR] [TIME]'],
  [
    /(?:file:\/\/)?\/\S+\/(?:packages\/local\/runtime|\.cache\/aws-lambda-ric[^/]*)\/\w+\.mjs/g,
    '/var/runtime/index.mjs',
  ],
  [/(?<=\/var\/runtime\/index\.mjs)(:\d+)+/g, ''],
  [/\.\.\. \d+ lines matching cause stack trace/, '... lines matching cause stack trace'],
  [/not done \d+ ms/g, 'not done N ms'],
  // Places in a bundle are of no interest, and change with every line of ours.
  [/(?<=\/fnware\.mjs)(:\d+)+/g, ''],
  [/\0/g, '\\0'],
  [/\t/g, ' '],
]

function shown(frame: string, before: string, after = ''): string {
  const place = frame.match(/\/var\/task\/[^\s)"\\]*/)?.[0]
  return place ? before + place + after : ''
}

import { type Case, type Difference, type Mode, modes, modesOf } from './case.ts'
import { groups } from './cases/all.ts'
import { differences } from './differences.ts'
import { version } from './ric/ric.ts'
import { seen } from './seen.ts'

const found = ({ name }: Case, mode: Mode): Difference | undefined => differences[name]?.[mode]

/** `docs/conformance.md`: what is the same under both clients, what differs, and why. */
export async function document(): Promise<string> {
  /** By the reason, which many have in common. */
  const notes = new Map<string, string[]>()
  const tables: string[] = []
  let [same, differing] = [0, 0]
  for (const [title, cases] of Object.entries(groups)) {
    const rows = cases.map(async (each) => {
      const mode = modesOf(each)[0]!
      return `| ${escaped(each.name)} | ${outcome(await seen(each, mode))} | ${modes.map((one) => cell(each, one)).join(' | ')} |`
    })
    tables.push(
      `### ${title}\n\n| | the caller gets | single | multi |\n| --- | --- | --- | --- |\n${(await Promise.all(rows)).join('\n')}`,
    )
    for (const each of cases)
      for (const mode of modesOf(each)) {
        const difference = found(each, mode)
        if (!difference) same++
        else {
          differing++
          const { because } = difference
          notes.set(because, [...(notes.get(because) ?? []), note(each, mode, difference)])
        }
      }
  }
  const alone = Object.values(groups)
    .flat()
    .flatMap(({ name, only }) => (only ? [`- ${escaped(name)}: ${only.mode} alone, since ${only.because}.`] : []))
  return `${head(same, differing)}
${tables.join('\n\n')}

Compared in one mode alone:

${alone.join('\n')}

## Differences

What only fnware's client shows has a \`-\`, what only aws-lambda-ric shows a \`+\`.

${Array.from(notes, ([because, parts]) => `${because}\n\n${parts.join('\n\n')}`).join('\n\n---\n\n')}
`
}

const head = (same: number, differing: number) => `# Conformance

fnware's own runtime client (\`packages/local/runtime\`) and AWS's (\`aws-lambda-ric\` ${version}) run the same functions on the local Lambda, one invocation at a time (*single*) and up to four in an environment, as on Lambda Managed Instances (*multi*). Compared is all that can be seen from outside: the result or the error with its type, message and trace, every line of the log with its level and request id, what becomes of the environment, and what is written when it is shut down.

**${same} of ${same + differing} comparisons show no difference.** The other ${differing} are below, each with its reason; a test fails when one of them goes away, grows, or gets company.

\`pnpm conformance\` writes this page and [what was seen](../test/conformance/transcripts.md), line by line. It builds aws-lambda-ric the first time (a minute or two; on Debian \`apt-get install cmake g++ make xz-utils\`). \`pnpm test\` compares with it where it has been built, and always in CI; elsewhere it holds our client to this page.

\`=\` the same under both, \`≠\` different, \`·\` not compared.
`

function cell(each: Case, mode: Mode): string {
  if (!modesOf(each).includes(mode)) return '·'
  return found(each, mode) ? `[≠](#${anchor(each, mode)})` : '='
}

const title = ({ name }: Case, mode: Mode) => `${name} (${mode})`

/** As GitHub makes one of a heading. */
const anchor = (each: Case, mode: Mode) =>
  title(each, mode)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-')

function note(each: Case, mode: Mode, { ours, ric }: Difference): string {
  const lines = [...ours.map((line) => `- ${line.trim()}`), ...ric.map((line) => `+ ${line.trim()}`)]
  return `### ${title(each, mode)}\n\n\`\`\`diff\n${lines.join('\n')}\n\`\`\``
}

/** What came of a case, in a few words. */
function outcome(transcript: readonly string[]): string {
  const last = transcript.find((line) => /^ {2}(result|error)/.test(line))!.trim()
  if (last.startsWith('result:')) return code(last.slice('result:'.length).trim())
  return `error ${code(last.match(/"errorType":"([^"]*)"/)?.[1] ?? 'without a type')}`
}

const code = (text: string) => {
  const cut = text.length > 60 ? `${text.slice(0, 57)}...` : text
  return cut === '' ? 'nothing' : `\`${cut.replaceAll('|', '\\|').replaceAll('`', "'")}\``
}

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

/** What was seen under our own client, whole. */
export async function transcripts(): Promise<string> {
  const parts: string[] = []
  for (const [title, cases] of Object.entries(groups)) {
    parts.push(`## ${title}`)
    for (const each of cases)
      for (const mode of modesOf(each))
        parts.push(`### ${each.name} (${mode})\n\n\`\`\`\n${(await seen(each, mode)).join('\n')}\n\`\`\``)
  }
  return `# What was seen

Under fnware's own client; what differs under aws-lambda-ric is in [docs/conformance.md](../../docs/conformance.md). \`pnpm conformance\` writes both.

${parts.join('\n\n')}
`
}

// `node test/packages/cold/cold.ts [rounds]`, when all is built: what a secret costs a cold start, by each transport.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createServer } from 'node:tls'
import { startAws } from 'test-aws'
import { createAuthority } from 'test-servers'
import { print } from '../size/print.ts'
import { bundled, type ColdFunction } from './functions.ts'

interface Answer {
  readonly answer: string
  readonly cpu: number
  readonly clock: number
  readonly undici: boolean
}

const rounds = Number(process.argv[2] ?? 15)
const folder = await mkdtemp(join(tmpdir(), 'fnware-cold-'))
const aws = await startAws()
aws.secrets.create('prod/it', 'hunter2')
const authority = await createAuthority()
const { port: behind } = new URL(aws.endpoint)
/** TLS before the stand-in, as before AWS. */
const front = createServer(await authority.issue(), (socket) => {
  const onward: Socket = connect(Number(behind), '127.0.0.1').setNoDelay(true)
  socket.setNoDelay(true).pipe(onward).pipe(socket)
  socket.on('error', () => onward.destroy())
  onward.on('error', () => socket.destroy())
}).listen(0, '127.0.0.1')
await once(front, 'listening')

const env = {
  PATH: process.env.PATH,
  ...aws.environment,
  AWS_ENDPOINT_URL: `https://127.0.0.1:${(front.address() as { port: number }).port}`,
  AWS_LAMBDA_RUNTIME_API: 'none',
  // An authority of our own would be loaded beside Node's, which takes time.
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_NO_WARNINGS: '1',
}
const run = async ({ name, file }: ColdFunction): Promise<Answer> => {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')])
  const answer: Answer = JSON.parse(printed)
  if (answer.answer !== 'hunter2') throw new Error(`${name} answered ${printed}`)
  return answer
}

const functions = await bundled(folder)
const answers = functions.map((): Answer[] => [])
for (let round = 0; round < rounds; round++) {
  // Interleaved, and each as often first as last.
  const order = [...functions.keys()]
  for (const i of round % 2 ? order.reverse() : order) answers[i]!.push(await run(functions[i]!))
}
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[numbers.length >> 1]!
const of = (them: readonly Answer[], key: 'cpu' | 'clock') => median(them.map((it) => it[key]))
const more = (i: number, key: 'cpu' | 'clock') => (of(answers[i]!, key) - of(answers[0]!, key)).toFixed(1)
print([
  ['', 'kB', 'ms of CPU', 'ms', 'fetch()'],
  ...functions.map(
    ({ name, gzip }, i) =>
      [
        name,
        (gzip / 1000).toFixed(1),
        i === 0 ? of(answers[0]!, 'cpu').toFixed(1) : `+ ${more(i, 'cpu')}`,
        i === 0 ? of(answers[0]!, 'clock').toFixed(1) : `+ ${more(i, 'clock')}`,
        answers[i]!.some(({ undici }) => undici) ? 'loaded' : '',
      ] as const,
  ),
])
front.close()
await Promise.all([aws.close(), rm(folder, { recursive: true, force: true })])

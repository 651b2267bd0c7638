// Lines of a megabyte by eight threads and the main one, at once. A process of its own: see write-line.test.ts.
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { writeLine } from '../src/write-line.ts'

const by: string = isMainThread ? 'main' : `${workerData} thread`
if (isMainThread) for (const name of 'abcdefgh') new Worker(import.meta.filename, { workerData: name, execArgv: [] })
for (let n = 0; n < 5; n++) {
  writeLine(JSON.stringify({ by, n, filled: by.charAt(0).repeat(1_000_000) }))
  await new Promise((resolve) => setTimeout(resolve, n))
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { account } from './folder.ts'

/**
 * Reads a process id a line. At the end of its input, which comes when `end` is called or when the process that runs
 * the tests dies, however it dies, it ends the server and removes its folder.
 *
 * PostgreSQL leaves a small System V shared memory segment behind when it is killed: it is named in its postmaster.pid.
 */
const script = `
folder=$1 signal=$2 pid=
alive() {
  state=$(sed 's/.*) //; s/ .*//' "/proc/$pid/stat" 2> /dev/null)
  [ -n "$state" ] && [ "$state" != Z ]
}
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  children=$(cat "/proc/$pid/task/$pid/children" 2> /dev/null)
  kill -CONT $pid $children 2> /dev/null
  kill -"$signal" "$pid" 2> /dev/null
  tries=0
  while [ $tries -lt 100 ] && alive; do sleep 0.02; tries=$((tries + 1)); done
  kill -KILL $pid $children 2> /dev/null
fi
segment=$(sed -n '7s/.* //p' "$folder/data/postmaster.pid" 2> /dev/null)
if [ -n "$segment" ]; then ipcrm -m "$segment" 2> /dev/null; fi
rm -rf -- "$folder"
`

export interface Watchdog {
  /** The server's process from now on. */
  watch(pid: number): void
  /** Ends the server and removes its folder. */
  end(): Promise<void>
}

/** @param signal that ends the server fast and leaves nothing behind */
export function startWatchdog(folder: string, signal: string): Watchdog {
  // In a session of its own, where no Ctrl-C reaches it before its work is done.
  const shell = spawn('/bin/sh', ['-c', script, 'watchdog', folder, signal], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  const exited = once(shell, 'exit')
  return {
    watch: (pid) => void shell.stdin.write(`${pid}\n`),
    async end() {
      shell.stdin.end()
      shell.ref()
      await exited
    },
  }
}

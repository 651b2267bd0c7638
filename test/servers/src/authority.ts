import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { program } from './program.ts'

const run = promisify(execFile)

/** A private key and its certificate, both PEM. */
export interface Certificate {
  key: string
  cert: string
}

export interface Issue {
  /** Host names and IP addresses; `localhost` and `127.0.0.1` unless said otherwise. */
  names?: string[]
  /** It ended yesterday. */
  expired?: boolean
  /** Signed by its own key in place of the authority's. */
  selfSigned?: boolean
}

export interface Authority {
  /** The authority's own certificate, PEM: what clients are to trust. */
  ca: string
  issue(certificate?: Issue): Promise<Certificate>
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** A new certificate authority that nobody trusts yet. */
export async function createAuthority(): Promise<Authority> {
  const root = await inFolder(async (openssl, read) => {
    const subject = ['-subj', '/CN=Test authority', '-days', '2']
    await openssl('req', '-x509', ...newKey, '-keyout', 'key', '-out', 'cert', ...subject)
    return { key: await read('key'), cert: await read('cert') }
  })
  return { ca: root.cert, issue: (certificate) => issue(root, certificate) }
}

let shared: Promise<Authority> | undefined

/** The authority of all servers that are given no certificate: one for each process. */
export function testAuthority(): Promise<Authority> {
  shared ??= createAuthority()
  return shared
}

function issue(root: Certificate, { names = ['localhost', '127.0.0.1'], expired, selfSigned }: Issue = {}) {
  const subjects = names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join()
  return inFolder(async (openssl, read, write) => {
    await write('ca-key', root.key)
    await write('ca-cert', root.cert)
    const request = ['-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${subjects}`]
    await openssl('req', '-new', ...newKey, '-keyout', 'key', '-out', 'request', ...request)
    const signer = selfSigned ? ['-signkey', 'key'] : ['-CA', 'ca-cert', '-CAkey', 'ca-key']
    const signed = ['-copy_extensions', 'copyall', '-days', expired ? '-1' : '2']
    await openssl('x509', '-req', '-in', 'request', ...signer, ...signed, '-out', 'cert')
    return { key: await read('key'), cert: await read('cert') }
  })
}

async function inFolder<Result>(
  work: (
    openssl: (...args: string[]) => Promise<unknown>,
    read: (name: string) => Promise<string>,
    write: (name: string, text: string) => Promise<void>,
  ) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'fnware-authority-'))
  try {
    return await work(
      (...args) => run(program('openssl', 'openssl'), args, { cwd: folder }),
      (name) => readFile(join(folder, name), 'utf8'),
      (name, text) => writeFile(join(folder, name), text, { mode: 0o600 }),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

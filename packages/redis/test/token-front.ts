import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { type Redis, testAuthority } from 'test-servers'

export interface TokenFront {
  readonly port: number
  /** The tokens that were shown, refused ones too. */
  readonly tokens: string[]
  close(): void
}

/**
 * What ElastiCache does where a user logs in by IAM: takes a signed token for a password. In front of a Redis, whose own
 * password it knows.
 */
export const tokenFront = async (redis: Redis, verify: (token: string) => void): Promise<TokenFront> => {
  const { key, cert } = await (await testAuthority()).issue()
  const tokens: string[] = []
  const sockets = new Set<TLSSocket>()
  const server = createServer({ key, cert }, (client) => {
    sockets.add(client)
    client.on('error', () => {})
    let head = ''
    const hear = (chunk: Buffer) => {
      head += chunk
      // Of HELLO 3 AUTH user token, its end.
      const auth = /\r\nauth\r\n\$\d+\r\n([^\r]*)\r\n\$\d+\r\n([^\r]*)\r\n/i.exec(head)
      if (!auth) return
      client.off('data', hear)
      const [all, , token = ''] = auth
      tokens.push(token)
      try {
        verify(token)
      } catch {
        client.write('-WRONGPASS invalid username-password pair or user is disabled.\r\n')
        return
      }
      const own = connect({ host: 'localhost', port: redis.port, ca: redis.ca, servername: 'localhost' }, () => {
        const named = [redis.user, redis.password].map((text) => `$${text.length}\r\n${text}\r\n`).join('')
        own.write(head.replace(all, `\r\nAUTH\r\n${named}`))
        client.pipe(own).pipe(client)
      })
      own.on('error', () => client.destroy())
      client.on('close', () => own.destroy())
    }
    client.on('data', hear)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    tokens,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

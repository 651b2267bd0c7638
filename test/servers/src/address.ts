/** What a driver needs to know of a server. */
export interface Address {
  protocol: 'mysql' | 'postgres' | 'redis'
  host: string
  port: number
  /** The certificate, PEM, of the authority to trust. */
  ca: string
  /** The first of the users. */
  user: string
  password: string
  database: string
  /** Passwords by user, as they are now. */
  passwords: ReadonlyMap<string, string>
}

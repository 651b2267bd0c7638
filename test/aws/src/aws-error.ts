/** What a service of AWS refuses, in its own words. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message = '', status = 400) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
  }
}

import { AwsError } from './errors.ts'

/**
 * An error of another client's, unless it comes of an answer that is no JSON: the parser quotes what it could not read, which
 * may be a part of a value. Then it is an {@link AwsError} that says no more than that.
 */
export const unquoted = (error: unknown): unknown => {
  for (let it = error, depth = 0; it && depth < 5; it = (it as { cause?: unknown }).cause, depth++)
    if ((it as { name?: unknown }).name === 'SyntaxError')
      return new AwsError('the answer was no JSON', { code: 'InvalidAnswer' })
  return error
}

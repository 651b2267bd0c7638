/** Waits for all of them, since what is left running at INIT may be frozen, and then throws all that is wrong. */
export const allOf = async (promises: readonly Promise<unknown>[]): Promise<void> => {
  const results = await Promise.allSettled(promises)
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '))
  if (errors.length > 0) throw errors[0]
}

/** What an INIT is made of, in the order in which it is written. */
export const kinds = ['secrets', 'parameters', 'token', 'connect'] as const

/** How many invocations run at once, where several do. */
export const together = 5

/** ms put on every call of an INIT. */
export const latency = 20

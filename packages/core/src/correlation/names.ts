/** What carries a correlation: the name of a header, of a message's attribute, or of a field. */
export const idName = 'x-correlation-id'
export const debugName = 'x-correlation-debug'

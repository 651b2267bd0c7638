/** Keys of the logger's own, of which none is a secret's: to decide so takes longer than the rest of a first line. */
export const own: ReadonlySet<string> = new Set([
  ...['outcome', 'duration_ms', 'remaining_ms', 'method', 'route', 'path', 'status', 'records', 'failed'],
  ...['error', 'error_name', 'error_cause', 'error_message', 'correlation_id'],
  ...['max_memory_mb', 'retries', 'record_age_ms', 'record_id', 'dropped'],
])

/** The driver, loaded when the first resource that needs it is made. */
export type Pg = typeof import('pg')

export const loadPg = async (): Promise<Pg> => {
  const pg = await import('pg')
  return (pg as unknown as { default?: Pg }).default ?? pg
}

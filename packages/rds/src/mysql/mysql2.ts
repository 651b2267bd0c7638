/** The driver, loaded when the first resource that needs it is made. */
export type MySql2 = typeof import('mysql2')

export const loadMySql2 = async (): Promise<MySql2> => {
  const mysql2 = await import('mysql2')
  return (mysql2 as unknown as { default?: MySql2 }).default ?? mysql2
}

/** An environment variable, as Powertools reads it. */
export const setting = (name: string): string => process.env[name]?.trim() ?? ''

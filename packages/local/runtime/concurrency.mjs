/** Invocations at once, on Lambda Managed Instances; nothing elsewhere: one, with all that this simplifies. */
const given = process.env.AWS_LAMBDA_MAX_CONCURRENCY

export const concurrency = given === undefined ? undefined : Math.max(1, Number(given) || 1)

export { RedisError } from './errors.ts'
export { iam } from './iam.ts'
export { type Credentials, type RedisClient, type RedisHealth, type RedisOptions, redis } from './redis.ts'

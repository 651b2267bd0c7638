/** What stops the command, in words for the one who typed it: printed without a stack, exit code 1. */
export class Failure extends Error {}

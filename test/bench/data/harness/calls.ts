import { Environment } from './environment.ts'
import { together } from './kinds.ts'
import type { Calls, Connections } from './results.ts'
import { awsWithValues, type StandIns } from './stand-ins.ts'

/** How often one environment calls AWS: until its first answer, and in so many invocations after that. */
export const countCalls = async (driver: string, file: string, invocations: number): Promise<Calls> => {
  await using aws = await awsWithValues()
  const environment = new Environment(driver, file, aws.environment)
  try {
    await environment.answered()
    const atInit = aws.calls.length
    await environment.answered(invocations)
    return { atInit, warm: aws.calls.length - atInit, invocations }
  } finally {
    await environment.close()
  }
}

/** How many connections one environment makes to the database: invoked so often in turn, and another, several times at once. */
export const countConnections = async (
  driver: string,
  file: string,
  standIns: StandIns,
  invocations: number,
): Promise<Connections> => {
  const count = async (atOnce: number) => {
    standIns.gate.passed = []
    const environment = new Environment(driver, file, standIns.environment)
    try {
      await environment.answered(invocations, atOnce)
      return standIns.gate.passed.length
    } finally {
      await environment.close()
    }
  }
  return { invocations, inTurn: await count(1), atOnce: await count(together) }
}

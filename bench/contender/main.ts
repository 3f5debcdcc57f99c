// The process of a JavaScript contender: reads commands from stdin, one in a line, and answers each with a line of JSON.
// The commands are those of harness/contender-process.ts; native contenders (bench/native) understand the same.
import process from 'node:process'
import { createInterface } from 'node:readline'
import { findRival } from '../rivals/index.js'
import { readPlan } from '../streams/files.js'
import { measureMemory } from './memory.js'
import { type Contest, playRound } from './round.js'
import { newTeam } from './team.js'

const rival = findRival(process.argv[2]!)
const library = await rival.load()
let contest: Contest | undefined

for await (const line of createInterface({ input: process.stdin })) {
  try {
    tell(await answer(line.split(' ')))
  } catch (error) {
    tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exit(1)
  }
}
process.exit(0)

async function answer([command, ...words]: string[]): Promise<object> {
  switch (command) {
    case 'load': {
      const plan = readPlan(words[0]!)
      contest = { rival, library, plan, team: await newTeam(rival, library, plan, words[0]!) }
      return { ok: true, rival: rival.title, version: library.version }
    }
    case 'round':
      return playRound(contest!, Number(words[0]), words[1] === '-' ? undefined : words[1], words[2] === 'explain')
    case 'memory':
      return measureMemory(library, Number(words[0]), Number(words[1]))
    case 'quit':
      return process.exit(0)
    default:
      throw new Error(`there is no command '${command}'`)
  }
}

function tell(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

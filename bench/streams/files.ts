// Plans in files, where contenders in all languages find them.
import { readFileSync, writeFileSync } from 'node:fs'
import { type Plan, decodePlan, encodePlan } from './plan.js'

export function writePlan(file: string, plan: Plan): void {
  writeFileSync(file, encodePlan(plan))
}

/** Copied out of Node's pool of buffers, in which a small file may begin anywhere. */
export function readPlan(file: string): Plan {
  return decodePlan(new Uint8Array(readFileSync(file)))
}

// Before all browser tests: says once what happens where Chromium is missing.
import { findChromium, HOW_TO_GET_IT } from './chromium.js'

export function setup(): void {
  if (findChromium()) return
  if (process.env.CI) throw new Error(`Chromium is missing, and in CI the browser tests must run: ${HOW_TO_GET_IT}`)
  console.warn(`Browser tests skipped, Chromium is missing: ${HOW_TO_GET_IT}`)
}

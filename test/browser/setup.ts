// Before all browser tests: says once what happens where a browser is missing.
import { findBrowser, howToGet } from '../../bench/browsers/programs.js'

export function setup(): void {
  if (!findBrowser('chromium')) {
    if (process.env.CI) throw new Error(`Chromium is missing, and in CI the browser tests must run: ${howToGet('chromium')}`)
    console.warn(`Browser tests skipped, Chromium is missing: ${howToGet('chromium')}`)
  }
  if (!findBrowser('firefox')) console.warn(`Browser tests in Firefox skipped, it is missing: ${howToGet('firefox')}`)
}

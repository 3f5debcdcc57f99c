// Starts the Chromium that is installed on this machine, and looks after a page in it.
import { chromium, type Browser, type Page } from 'playwright-core'
import { CHROMIUM_OPTIONS, findBrowser, requireBrowser } from '../../bench/browsers/programs.js'
import { countWaits, waitsCounted } from './in-page.js'

export function findChromium(): string | undefined {
  return findBrowser('chromium')
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_OPTIONS] })
}

/** Collects whatever the page complains of, from now on. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.message}`))
  page.on('requestfailed', (request) => complaints.push(`not loaded: ${request.url()}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return complaints
}

/** Counts the blocking waits of a page's main thread; its workers may block. */
export async function countBlockingWaits(page: Page): Promise<void> {
  await page.addInitScript(countWaits)
}

export function blockingWaits(page: Page): Promise<number> {
  return page.evaluate(waitsCounted)
}

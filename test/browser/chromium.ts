// Starts the Chromium that is installed on this machine, and looks after a page in it.
import { chromium, type Browser, type Page } from 'playwright-core'
import { CHROMIUM_OPTIONS, findBrowser, requireBrowser } from '../../bench/browsers/programs.js'

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

/**
 * Counts the blocking waits of a page's main thread in `window.blockingWaits`; its workers may block. A wait of no time
 * only asks whether waiting is allowed.
 */
export async function countBlockingWaits(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const wait = Atomics.wait
    const counting = window as unknown as { blockingWaits: number }
    counting.blockingWaits = 0
    Atomics.wait = ((...args: Parameters<typeof wait>) => {
      if (args[3] !== 0) counting.blockingWaits++
      return wait(...args)
    }) as typeof wait
  })
}

export function blockingWaits(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { blockingWaits: number }).blockingWaits)
}

// Shared memory needs a page that is cross-origin isolated; where it is not, the page says what to do about it.

/** Shows the section that explains, and returns whether the page can run. */
export function checkIsolation(help: HTMLElement): boolean {
  if (crossOriginIsolated && typeof SharedArrayBuffer === 'function') return true
  const insecure = help.querySelector<HTMLElement>('[data-if=insecure]')
  if (insecure) insecure.hidden = isSecureContext
  help.hidden = false
  return false
}

// One font for all charts, and how text is measured without a browser.

export const FONT = 'system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif'
export const FONT_SIZE = 12

/** Fonts differ between machines: this is what the wide ones need. */
export function textWidth(text: string, size = FONT_SIZE): number {
  return Math.ceil(text.length * size * 0.58)
}

export function font(size: number, bold: boolean): string {
  return `${bold ? 'bold ' : ''}${size}px ${FONT}`
}

// One font for all charts, and how text is measured without a browser.

export const FONT = 'system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif'
export const FONT_SIZE = 12

/** Of a character on average, in parts of the size. Fonts differ between machines: this is what the wide ones need. */
const ADVANCE = 0.54
const BOLD_ADVANCE = 0.61

export function textWidth(text: string, size = FONT_SIZE, bold = false): number {
  return Math.ceil(text.length * size * (bold ? BOLD_ADVANCE : ADVANCE))
}

/** Lines between words, none longer than `width` unless a word is. */
export function wrapped(text: string, width: number, bold = false): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, FONT_SIZE, bold) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

export function font(size: number, bold: boolean): string {
  return `${bold ? 'bold ' : ''}${size}px ${FONT}`
}

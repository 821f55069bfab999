/** Reads what a test needs from Markdown: code blocks, links and headings. */

export interface CodeBlock {
  /** The line of the opening fence, from 1. */
  readonly line: number
  /** What stands after the fence: the language, then options. */
  readonly info: string
  readonly code: string
}

interface Parsed {
  readonly blocks: ReadonlyArray<CodeBlock>
  /** The lines outside of code blocks, with their numbers from 1. */
  readonly prose: ReadonlyArray<{ readonly line: number; readonly text: string }>
}

/** Fences as in CommonMark: backticks or tildes, indented or not. A fence that nobody closes throws. */
export const parseMarkdown = (markdown: string): Parsed => {
  const blocks: Array<CodeBlock> = []
  const prose: Array<{ line: number; text: string }> = []
  let open: { line: number; indent: number; fence: string; info: string; code: Array<string> } | undefined
  for (const [index, text] of markdown.split("\n").entries()) {
    const line = index + 1
    const [, indent = "", fence, info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$/.exec(text) ?? []
    if (open === undefined) {
      if (fence === undefined) prose.push({ line, text })
      else open = { line, indent: indent.length, fence, info, code: [] }
    } else if (fence?.startsWith(open.fence) && info === "") {
      blocks.push({ line: open.line, info: open.info, code: open.code.join("\n") })
      open = undefined
    } else {
      open.code.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)))
    }
  }
  if (open !== undefined) throw new Error(`the code block that opens in line ${open.line} never ends`)
  return { blocks, prose }
}

const withoutCode = (text: string) => text.replaceAll(/`[^`]*`/g, "")

/** Where the links and images of a text point, with their lines. */
export const linksOf = (markdown: string): ReadonlyArray<{ readonly line: number; readonly to: string }> =>
  parseMarkdown(markdown).prose.flatMap(({ line, text }) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)[^)]*\)|\b(?:src|srcset|href)="([^"]+)"/g)].map(([, to, other = ""]) => ({ line, to: to ?? other }))
  )

/** The anchors that GitHub gives to the headings of a text. */
export const anchorsOf = (markdown: string): ReadonlySet<string> => {
  const anchors = new Set<string>()
  for (const { text } of parseMarkdown(markdown).prose) {
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(text) ?? []
    if (heading !== undefined) anchors.add(unique(toAnchor(heading), anchors))
  }
  return anchors
}

/** A heading's anchor: lower case, without punctuation, with hyphens for spaces. */
export const toAnchor = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-")

/** GitHub numbers anchors that come again. */
export const unique = (anchor: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(anchor)) return anchor
  let n = 1
  while (taken.has(`${anchor}-${n}`)) n++
  return `${anchor}-${n}`
}

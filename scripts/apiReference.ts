/** Writes `docs/api.md`: every public export of every package, with its signature and its doc comment. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ApiDeclaredItem, ApiDocumentedItem, type ApiItem, ApiItemKind } from "@microsoft/api-extractor-model"
import { type EntryPoint, readEntryPoints } from "./apiModel.ts"
import { toAnchor, unique } from "./markdown.ts"
import { root } from "./workspace.ts"

export interface ApiReference {
  readonly markdown: string
  /** The exports that say nothing about themselves: `@enigma-rtc/core: step (src/call/step.ts)`. */
  readonly undocumented: ReadonlyArray<string>
}

/** One name: a type, a value, or both under one name. */
interface Export {
  readonly name: string
  readonly items: ReadonlyArray<ApiItem>
}

/** A value's type that is longer than this is cut to its head: a schema's says less than its name. */
const longType = 1_500

const isValue = ({ items }: Export) => items.some(({ kind }) => kind === ApiItemKind.Function || kind === ApiItemKind.Variable || kind === ApiItemKind.Class)

const exportsOf = ({ api }: EntryPoint): ReadonlyArray<Export> =>
  [...Map.groupBy(api.members, ({ displayName }) => displayName)]
    .map(([name, items]) => ({ name, items }))
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))

const excerpt = (item: ApiItem): string => (item instanceof ApiDeclaredItem ? item.excerpt.text.trim() : "")

/** The same export from another entry point has the same identity. */
const identity = ({ items, name }: Export): string => [name, ...items.map((item) => item.kind + excerpt(item))].join("\n")

const docOf = (item: ApiItem): string => {
  if (!(item instanceof ApiDocumentedItem) || item.tsdocComment === undefined) return ""
  return item.tsdocComment
    .emitAsTsdoc()
    .replace(/^\/\*\*/, "")
    .replace(/\*\/\s*$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .replaceAll(/\{@link ([^}|]+?)\s*(?:\|\s*([^}]+?)\s*)?\}/g, (_, target: string, text?: string) => text ?? `\`${target}\``)
    .trim()
}

const sourceOf = (item: ApiItem): string =>
  ((item instanceof ApiDeclaredItem ? item.fileUrlPath : undefined) ?? "")
    .replace(/^dist\//, "src/")
    .replace(/(\.d)?\.ts$/, ".ts")

/** The end of a declaration that starts at `from`: the brace that closes its body, past comments and strings. */
const endOfBody = (text: string, from: number): number => {
  let depth = 0
  for (const token of text.slice(from).matchAll(/\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token[0] === "{") depth++
    if (token[0] !== "}") continue
    depth--
    // A class may extend a type with braces of its own: its body opens after them.
    const end = from + token.index + 1
    if (depth === 0 && !/^>+[^;]*\{/.test(text.slice(end, end + 200))) return end
  }
  throw new Error("a declaration without an end")
}

const builtTypes = (entry: EntryPoint, item: ApiItem): string => {
  const file = sourceOf(item).replace(/^src\//, "dist/").replace(/\.ts$/, ".d.ts")
  return readFileSync(join(root, entry.member.folder, file), "utf8")
}

/** An interface or a class as it stands in the built types: its members in their order, with their comments. */
const declaration = (entry: EntryPoint, { displayName }: ApiItem, text: string): string => {
  const from = text.search(new RegExp(`^export (declare )?(interface|class) ${displayName}\\b`, "m"))
  if (from === -1) throw new Error(`${entry.specifier}: ${displayName} is not in its built types`)
  const base = new RegExp(`^declare const ${displayName}_base: ([^]*?);\\n(?=[^\\s}])`, "m").exec(text)?.[1]
  const short = base?.includes("YieldableError") === true ? `Data.TaggedError("${displayName}")` : base
  return text.slice(from, endOfBody(text, from)).replace(`${displayName}_base`, () => short ?? "")
}

/** A constant, with the types of the private functions that it is made of. */
const constant = (item: ApiItem, text: string): string => {
  const whole = `const ${excerpt(item)}`.replaceAll(/([ \t]*)([\w$]+): typeof ([\w$]+);/g, (all, indent: string, name: string, of: string) => {
    const [, comment = "", type] = new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?^declare const ${of}: ([^]*?);\\n(?=[^\\s}])`, "m").exec(text) ?? []
    return type === undefined ? all : `${comment}${name}: ${type};`.replaceAll(/^/gm, indent)
  })
  return whole.length <= longType ? whole : `${/^[^<{]+/.exec(whole)?.[0].trim() ?? ""}<…>`
}

const signature = (entry: EntryPoint, item: ApiItem): string => {
  const text = builtTypes(entry, item)
  const whole = item.kind === ApiItemKind.Interface || item.kind === ApiItemKind.Class
    ? declaration(entry, item, text)
    : item.kind === ApiItemKind.TypeAlias
    ? excerpt(item)
    : constant(item, text)
  return whole
    .replace(/^export (declare )?/, "")
    .replaceAll("/*#__PURE__*/ ", "")
    .replaceAll(/^( {4})+/gm, (indent) => indent.slice(indent.length / 2))
}

const kindOf = ({ items }: Export): string =>
  items.map(({ kind }) => (kind === ApiItemKind.TypeAlias ? "type" : kind === ApiItemKind.Variable ? "value" : kind.toLowerCase())).toSorted().join(" and ")

export const apiReference = (): ApiReference => {
  const entries = readEntryPoints()
  const undocumented: Array<string> = []
  const anchors = new Set<string>()
  const anchorOf = (heading: string) => {
    const anchor = unique(toAnchor(heading), anchors)
    anchors.add(anchor)
    return anchor
  }
  /** What a narrower entry point of the same package has is described there. */
  const homeOf = (entry: EntryPoint, one: Export) =>
    entries.find((other) =>
      other !== entry && other.member === entry.member && other.specifier.length > entry.specifier.length &&
      exportsOf(other).some((same) => identity(same) === identity(one))
    )

  anchorOf("API")
  const sections = entries.map((entry) => {
    const all = exportsOf(entry)
    const here = all.filter((one) => homeOf(entry, one) === undefined)
    const elsewhere = new Set(all.flatMap((one) => homeOf(entry, one) ?? []))
    const anchor = anchorOf(entry.specifier)
    const values = here.filter(isValue)
    const types = here.filter((one) => !isValue(one))
    const linked = new Map<Export, string>()
    const body = [...values, ...types].map((one) => {
      linked.set(one, anchorOf(one.name))
      const [first] = one.items
      const docs = [...new Set(one.items.map(docOf).filter((doc) => doc !== ""))]
      const source = first === undefined ? "" : sourceOf(first)
      if (docs.length === 0) undocumented.push(`${entry.specifier}: ${one.name} (${entry.member.folder}/${source})`)
      return [
        `### ${one.name}`,
        `${kindOf(one)} · [${source}](../${entry.member.folder}/${source})`,
        ...docs,
        `\`\`\`typescript\n${one.items.map((item) => signature(entry, item)).join("\n\n")}\n\`\`\``
      ].join("\n\n")
    })
    const list = (title: string, some: ReadonlyArray<Export>) =>
      some.length === 0 ? [] : [`${title}: ${some.map((one) => `[${one.name}](#${linked.get(one) ?? ""})`).join(" · ")}`]
    const also = [...elsewhere].map(({ specifier }) => `[\`${specifier}\`](#${toAnchor(specifier)})`).join(" and ")
    const text = [
      `## ${entry.specifier}`,
      ...(entry.specifier === entry.member.name ? [entry.member.manifest.description ?? ""] : []),
      ...(also === "" ? [] : [`Everything of ${also} is exported here too.`]),
      ...list("Values", values),
      ...list("Types", types),
      ...body
    ].join("\n\n")
    return { entry, anchor, text, count: all.length }
  })
  const contents = sections.map(({ anchor, count, entry }) => `| [\`${entry.specifier}\`](#${anchor}) | ${count} |`)
  const markdown = `# API

Every public export, from the doc comments of the source. \`Values\` exist at run time, \`types\` do not.

| import | exports |
|---|---|
${contents.join("\n")}

${sections.map(({ text }) => text).join("\n\n")}
`
  return { markdown, undocumented }
}

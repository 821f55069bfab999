/** Reads the public API of every published package out of its built types. For `docs/api.md`. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor"
import { type ApiEntryPoint, ApiModel } from "@microsoft/api-extractor-model"
import { type Member, published, root } from "./workspace.ts"

export interface EntryPoint {
  readonly member: Member
  /** What an app imports: `@enigma-rtc/core/call`. */
  readonly specifier: string
  readonly api: ApiEntryPoint
}

/** The extractor has its own, older compiler. It finds globals such as `URL` in the DOM's types, not in Node's. */
const compilerOptions = {
  lib: ["es2024", "dom"],
  module: "nodenext",
  moduleResolution: "nodenext",
  skipLibCheck: true,
  strict: true,
  target: "es2023",
  types: []
}
const off = { default: { logLevel: ExtractorLogLevel.None } }

const readEntry = (member: Member, types: string, modelFile: string): ApiEntryPoint => {
  const folder = join(root, member.folder)
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      compiler: { overrideTsconfig: { compilerOptions: { ...compilerOptions, rootDir: folder }, include: ["dist"] } },
      apiReport: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      docModel: { enabled: true, apiJsonFilePath: modelFile, includeForgottenExports: false },
      newlineKind: "lf",
      messages: { compilerMessageReporting: off, extractorMessageReporting: off, tsdocMessageReporting: off }
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json")
  })
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) throw new Error(message.formatMessageWithLocation(root))
      message.handled = true
    }
  })
  const entry = new ApiModel().loadPackage(modelFile).entryPoints[0]
  if (entry === undefined) throw new Error(`${member.name} has no entry point`)
  return entry
}

export const readEntryPoints = (): ReadonlyArray<EntryPoint> => {
  const temporary = mkdtempSync(join(tmpdir(), "enigma-rtc-api-"))
  try {
    return published.flatMap((member) =>
      Object.entries(member.manifest.exports ?? {}).map(([subpath, target], i) => {
        if (typeof target === "string") throw new Error(`${member.name}: ${subpath} has no types`)
        const model = join(temporary, `${member.folder.replaceAll("/", "-")}-${i}.api.json`)
        return { member, specifier: member.name + subpath.slice(1), api: readEntry(member, target.types, model) }
      })
    )
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Lint: no floating promise, no import cycle, and which file may import what. */
import { defineConfig, type OxlintConfig } from "oxlint"

/** Effect's modules without a runtime: all that the pure rooms of core may use. */
const pureEffect = [
  "Array", "Brand", "Data", "Equal", "Function", "Hash", "Match", "Option", "Order", "Predicate", "Record", "Result",
  "Struct", "Tuple"
].map((module) => `effect/${module}`)

const barrel = {
  name: "effect",
  message: "Import the module, such as `effect/Effect`: the barrel costs who bundles this its whole weight."
}
const otherPackagesFiles = {
  group: [
    "@enigma-rtc/*/**",
    "!@enigma-rtc/core/call",
    "!@enigma-rtc/core/signaling",
    "!@enigma-rtc/core/delivery",
    "!@enigma-rtc/core/promise",
    "!@enigma-rtc/core/schema",
    "!@enigma-rtc/core/trace",
    "!@enigma-rtc/engine-sfu/node",
    "!@enigma-rtc/sfu-server/client",
    "!@enigma-rtc/sfu-server/worker",
    "!@enigma-rtc/engine-browser/promise",
    "!@enigma-rtc/testing/conformance",
    "!@enigma-rtc/testing/explore",
    "!@enigma-rtc/testing/node",
    "!@enigma-rtc/testing/vitest",
    "**/core/src/**",
    "**/testing/src/**",
    "**/engine-*/src/**",
    "**/dist/**"
  ],
  message: "Import another package by its name and its exports, never by its files."
}
const engines = {
  group: ["@enigma-rtc/engine-*"],
  message: "Engines know core and their own stack, never each other; core and the testing package know no engine."
}
const workspace = { group: ["@enigma-rtc/*"], message: "Core is at the bottom: it imports no other package from here." }
const werift = { group: ["werift", "werift/**"], message: "Only an engine's `src/werift.ts` touches werift." }

type Rules = NonNullable<OxlintConfig["rules"]>
interface Pattern {
  readonly group: Array<string>
  readonly message: string
}

const restrict = (...patterns: Array<Pattern>): Rules => ({ "no-restricted-imports": ["error", { patterns }] })
const restrictSrc = (...patterns: Array<Pattern>): Rules => ({
  "no-restricted-imports": ["error", { paths: [barrel], patterns }]
})
/** Nothing but these. */
const only = (allowed: ReadonlyArray<string>, message: string): Rules =>
  restrict({ group: ["**", ...allowed.map((path) => `!${path}`)], message })

const error = "../EnigmaRtcError.ts"
const below = ["./*.ts", error, "../RtcConfig.ts", "../signaling/*.ts", "../call/*.ts", "effect/*"]

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "oxc"],
  categories: { correctness: "error", suspicious: "error" },
  rules: {
    "import/no-cycle": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "typescript/no-explicit-any": "error",
    "typescript/consistent-type-imports": "error",
    ...restrict(otherPackagesFiles),
    // To leave a field out is to name it.
    "no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true, varsIgnorePattern: "^_" }],
    // Matters of taste, or said better by the compiler.
    "import/no-named-as-default-member": "off",
    "no-shadow": "off",
    "no-underscore-dangle": "off",
    "typescript/consistent-return": "off",
    "typescript/no-unnecessary-type-arguments": "off",
    "typescript/no-unnecessary-type-parameters": "off",
    "typescript/no-unsafe-type-assertion": "off",
    "unicorn/consistent-function-scoping": "off"
  },
  // For each file the last override that fits it decides.
  overrides: [
    { files: ["packages/*/src/**"], rules: restrictSrc(otherPackagesFiles, engines, werift) },
    { files: ["packages/engine-{sfu,werift}/src/werift.ts"], rules: restrictSrc(otherPackagesFiles, engines) },
    {
      files: ["packages/*/test/**"],
      rules: { ...restrict(otherPackagesFiles, engines), "typescript/switch-exhaustiveness-check": "off" }
    },
    { files: ["packages/core/test/**"], rules: restrict(otherPackagesFiles, workspace) },

    // The rooms of core, from the bottom up.
    { files: ["packages/core/src/*.ts"], rules: restrictSrc(workspace) },
    { files: ["packages/core/src/EnigmaRtcError.ts"], rules: only(["effect/Data"], "The errors stand on nothing.") },
    {
      files: ["packages/core/src/signaling/**"],
      rules: only(["./*.ts", error, ...pureEffect], "signaling/ is pure: itself, the errors, Effect's data modules.")
    },
    {
      files: ["packages/core/src/call/**"],
      rules: only(
        ["./*.ts", error, "../signaling/*.ts", ...pureEffect],
        "call/ is pure: itself, signaling/, the errors, Effect's data modules."
      )
    },
    {
      files: ["packages/core/src/trace/**"],
      rules: only(
        ["./*.ts", error, "../call/*.ts", "../signaling/*.ts", ...pureEffect],
        "trace/ is pure: itself, call/, signaling/, the errors, Effect's data modules."
      )
    },
    {
      files: ["packages/core/src/bin/**"],
      rules: only(
        ["../trace/*.ts", "node:*", ...pureEffect],
        "bin/ is the only room that may import Node: trace/, Node, Effect's data modules."
      )
    },
    {
      files: ["packages/core/src/engine/**"],
      rules: only(below, "engine/ imports itself, call/, signaling/, the root files and Effect.")
    },
    {
      files: ["packages/core/src/session/**"],
      rules: only([...below, "../engine/*.ts"], "session/ imports the other rooms, the root files and Effect.")
    }
  ],
  ignorePatterns: ["**/node_modules", "**/dist/**", "**/.stryker/**", "scripts/.docs-code/**"]
})

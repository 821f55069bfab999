/** The docs that `npm run docs` and `npm run conformance` write; all others are written by hand. */
export const generatedDocs: ReadonlyArray<string> = ["docs/api.md", "docs/engine-conformance.md", "docs/state-machine.md"]

/** The docs that `npm run docs` writes; all others are written by hand. */
export const generatedDocs: ReadonlyArray<string> = ["docs/api.md", "docs/state-machine.md"]

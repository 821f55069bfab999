/** The seed of the signaling links: another in each run, or `SEED=n`. */
export const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))

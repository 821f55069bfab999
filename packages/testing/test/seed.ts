/** The seed of a random test, which is told under the test's name and can be had again as `SEED=n`; `RUNS=n` tries harder. */
export const seeded = (title: string, runs: number): { readonly seed: number; readonly runs: number } => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`${title}: SEED=${seed}`)
  return { seed, runs: Number(process.env["RUNS"] ?? runs) }
}

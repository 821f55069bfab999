/** `@enigma-rtc/testing/explore`: the exhaustive search, and what this repository searches with it. */
export * from "./callSearches.ts"
export * from "./explore.ts"
export * from "./exploreCalls.ts"
export * from "./exploreCrate.ts"
export * from "./exploreDelivery.ts"
export * from "./plantedCallFaults.ts"
export * from "./plantedCrateFaults.ts"
